import Tensor

/// What training makes small: a number for a batch of logits, and its gradient.
///
/// The loss of a batch is the mean of its rows' losses, each counted with its row's weight, which
/// is 1 unless classes have weights. A row with two classes has `share` times the loss of the
/// first and `1 − share` times that of the second.
public protocol Loss {
  /// Overwrites `logits` `[N, C]` with the gradient of the batch's loss.
  func callAsFunction(_ logits: Tensor, _ targets: Targets, on device: Device) -> LossResult
}

/// What a loss came to over some rows.
public struct LossResult: Equatable, Sendable {
  /// The sum of the rows' losses, each times its row's weight.
  public private(set) var sum = 0.0
  /// The sum of the rows' weights.
  public private(set) var weight = 0.0
  /// The rows whose largest logit, the first of equals, is the target's (larger) class.
  public private(set) var hits = 0
  public private(set) var rows = 0

  /// Over no rows.
  public init() {}

  public init(sum: Double, weight: Double, hits: Int, rows: Int) {
    self.sum = sum
    self.weight = weight
    self.hits = hits
    self.rows = rows
  }

  /// The mean over the rows; 0 where none has a weight.
  public var mean: Double { weight == 0 && sum == 0 ? 0 : sum / weight }

  /// The share of the rows that are right.
  public var accuracy: Double { Double(hits) / Double(rows) }

  public static func += (result: inout LossResult, other: LossResult) {
    result.sum += other.sum
    result.weight += other.weight
    result.hits += other.hits
    result.rows += other.rows
  }
}
