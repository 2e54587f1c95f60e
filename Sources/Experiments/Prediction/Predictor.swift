import Datasets
import Interchange
import NN
import Support
import Tensor

/// Says what the characters in pictures are, with the model of a run.
public final class Predictor {
  public let labels: [String]
  private let plan: InferencePlan
  private let normalization: Normalization
  private let height: Int
  private let width: Int
  /// What pictures are brought into.
  private let form: CharacterForm

  /// Reads a run's best checkpoint.
  ///
  /// - Throws: ``RunError/noCheckpoint(path:)``, and what ``Checkpoint/read(_:on:)`` throws.
  public init(_ run: RunDirectory, on device: Device) throws {
    guard access(run.best, F_OK) == 0 else { throw RunError.noCheckpoint(path: run.best) }
    let (checkpoint, model) = try Checkpoint.read(run.best, on: device)
    labels = checkpoint.labels
    normalization = checkpoint.normalization
    (height, width) = (checkpoint.inputShape[0], checkpoint.inputShape[1])
    form = CharacterForm(ofDataset: checkpoint.dataset)
    plan = InferencePlan(model, batch: 256)
    plan.foldNormalization()
  }

  /// What the pictures of a file show, in their order.
  ///
  /// - Parameters:
  ///   - inverted: whether ink is dark; `nil` lets each picture's border decide.
  ///   - transposed: whether an IDX file holds rows and columns swapped; `nil` lets its name decide.
  /// - Throws: what ``PictureFile/read(_:transposed:)`` throws, and ``PictureError/blank``.
  public func predict(
    _ path: String, inverted: Bool? = nil, transposed: Bool? = nil
  ) throws -> [PicturePrediction] {
    let pictures = try PictureFile.read(path, transposed: transposed)
    let prepared = try pictures.enumerated().map { index, picture in
      guard
        let prepared = PreparedPicture(
          picture, form: form, height: height, width: width, inverted: inverted)
      else { throw PictureError.blank(path: path, index: pictures.count > 1 ? index : nil) }
      return prepared
    }
    let images = ImageSet(
      height: height, width: width, pixels: prepared.flatMap(\.pixels),
      labels: [UInt8](repeating: 0, count: prepared.count))
    return zip(prepared, probabilities(of: images)).enumerated().map { index, pair in
      PicturePrediction(
        file: path, index: index, picture: pair.0, height: height, width: width,
        probabilities: pair.1)
    }
  }

  /// The probabilities of the classes of each image.
  private func probabilities(of images: ImageSet) -> [[Double]] {
    let batches = Batches(Selection(images), normalizedBy: normalization)
    var targets = [UInt8](repeating: 0, count: plan.batch)
    var result: [[Double]] = []
    for first in stride(from: 0, to: images.count, by: plan.batch) {
      let count = min(plan.batch, images.count - first)
      batches.fill(
        first..<first + count, input: plan.input(count), labels: &targets, on: plan.model.device)
      let logits = plan.run(count).values
      result += stride(from: 0, to: logits.count, by: labels.count).map {
        softmax(logits[$0..<$0 + labels.count])
      }
    }
    return result
  }
}

/// exp(x) / Σ exp(x)
private func softmax(_ logits: ArraySlice<Float>) -> [Double] {
  let most = Double(logits.max() ?? 0)
  let powers = logits.map { exp(Double($0) - most) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}

/// What a picture shows.
public struct PicturePrediction: Sendable {
  public let file: String
  /// The picture's place in its file; 0 in a file of one.
  public let index: Int
  /// What the network saw.
  public let picture: PreparedPicture
  public let height: Int
  public let width: Int
  /// Of each class.
  public let probabilities: [Double]

  /// The most probable classes, the best first; of equal ones the lower class.
  public func top(_ count: Int) -> [(class: Int, probability: Double)] {
    let order = probabilities.indices.sorted {
      (-probabilities[$0], $0) < (-probabilities[$1], $1)
    }
    return order.prefix(count).map { ($0, probabilities[$0]) }
  }

  /// The object of `emnist predict --json`.
  public func json(labels: [String], top count: Int) -> JSONValue {
    let top = top(max(1, count)).map { best -> JSONObject in
      var object: JSONObject = ["label": .string(labels[best.class])]
      object.set("probability", number: best.probability)
      return object
    }
    var object: JSONObject = ["file": .string(file), "index": .integer(index)]
    for (key, value) in top[0] { object[key] = value }
    object["inverted"] = .bool(picture.isInverted)
    object["form"] = .string(picture.form.rawValue)
    object["top"] = .array(top.map { .object($0) })
    return .object(object)
  }
}
