import CZlib
import Datasets
import Support

/// What tells whether a training goes on with the images that it began with.
///
/// The images themselves are compared by their mean and deviation, which are normalized with.
struct PartsDigest: Equatable {
  let training: Int
  let validation: Int
  /// The CRC-32 of the classes of all images, in their order.
  let labels: Int

  init(training: Selection, validation: Selection?) {
    self.training = training.count
    self.validation = validation?.count ?? 0
    let parts = [training] + [validation].compactMap(\.self)
    let labels = parts.flatMap { part in (0..<part.count).map { part.label(at: $0) } }
    self.labels = Int(crc32(0, labels, uInt(labels.count)))
  }

  /// The key of a checkpoint's metadata.
  static let key = "emnist.parts"

  /// The value of ``key``.
  var json: JSONValue {
    [
      "training": .integer(training), "validation": .integer(validation),
      "labels_crc32": .integer(labels),
    ]
  }

  /// - Returns: `nil` for what ``json`` never is.
  init?(_ json: JSONValue) {
    guard let training = json["training"]?.int, let validation = json["validation"]?.int,
      let labels = json["labels_crc32"]?.int, RecordBounds.images.contains(training),
      RecordBounds.images.contains(validation)
    else { return nil }
    (self.training, self.validation, self.labels) = (training, validation, labels)
  }
}
