/// What the rows of a batch should be: one class each, or two that share the row, as mixup and
/// cutmix make them.
public struct Targets: Sendable {
  /// The class of each row.
  public var labels: [UInt8]
  /// The second class of each row, where ``share`` is below 1.
  public var partners: [UInt8]
  /// How much of each row is its first class, from 0 to 1.
  public var share = 1.0

  /// Room for batches of up to `batch` rows.
  public init(batch: Int) {
    labels = [UInt8](repeating: 0, count: batch)
    partners = labels
  }

  /// These classes, one a row.
  public init(labels: [UInt8]) {
    self.labels = labels
    partners = labels
  }

  /// Whether rows have two classes.
  public var areMixed: Bool { share < 1 }
}
