import Datasets
import Interchange
import NN
import Support
import Tensor

/// A model with weights that somebody else trained, to be tested like a run's.
public struct BroughtModel {
  /// The file of the weights.
  public let path: String
  public let matching: WeightMatching
  /// What pixels are normalized with.
  public let normalization: Normalization
  private let model: Model
  private let labels: [String]

  /// Builds the model and takes the weights of the safetensors file at `path`.
  ///
  /// - Parameters:
  ///   - dataset: whose classes are told apart.
  ///   - images: of the size that the model takes.
  ///   - mean: what is taken from pixels from 0 to 1; `nil`: what the file says, or 0.
  ///   - deviation: what they are then divided by; `nil`: what the file says, or 1.
  /// - Throws: ``ModelError``, ``MemoryError``, and what ``SafetensorsFile/read(path:)`` and
  ///   ``Model/loadMatching(_:)`` throw.
  public init(
    reading path: String, _ description: ModelDescription, dataset: Dataset, images: ImageSet,
    mean: Double?, deviation: Double?, device: Device
  ) throws {
    self.path = path
    let file = try SafetensorsFile.read(path: path)
    let outline = try ModelOutline(
      description, inputShape: [images.height, images.width, 1],
      classes: dataset.classes.count)
    try MemoryNeed(evaluating: outline, threads: device.threadCount).check()
    model = try Model(outline, on: device)
    matching = try model.loadMatching(file)
    labels = dataset.classes.labels
    func number(_ key: String) -> Double? {
      file[metadata: key].flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
    }
    normalization = Normalization(
      mean: mean ?? number("emnist.mean") ?? 0,
      standardDeviation: deviation ?? number("emnist.std").flatMap { $0 > 0 ? $0 : nil } ?? 1)
  }

  /// What was decided about the file, a sentence each.
  public var notes: [String] {
    let (mean, deviation) = (normalization.mean, normalization.standardDeviation)
    let pixels =
      mean == 0 && deviation == 1
      ? "pixels: from 0 to 1, not normalized"
      : "pixels: from 0 to 1, normalized with mean \(mean) and standard deviation \(deviation)"
    return [matching.note].compactMap(\.self) + [pixels]
  }

  /// The result on a selection of the data set's test part.
  ///
  /// - Throws: ``WorkInterrupted`` if a signal came.
  public func test(
    _ selection: Selection, dataset: String, batch: Int = 256, shifts: [PixelShift] = []
  ) throws -> TestResult {
    try Evaluator(model, labels: labels, normalization: normalization, batch: batch)
      .test(selection, run: nil, checkpoint: path, dataset: dataset, shifts: shifts)
  }
}
