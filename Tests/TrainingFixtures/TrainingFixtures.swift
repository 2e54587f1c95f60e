import Configuration
import Datasets
import NN
import Support
import Tensor
import TestSupport
import Training

/// Few images and small models, so that a training takes a fraction of a second.
public enum TrainingFixtures {
  /// Synthetic digits: 160 to learn from, 40 to test on.
  public static let digits = Dataset(
    name: "glyphs", classes: .digits, train: draw(0..<160), test: draw(1000..<1040))

  private static func draw(_ indices: Range<Int>) -> ImageSet {
    var pixels = [UInt8](repeating: 0, count: indices.count * 784)
    var labels = [UInt16](repeating: 0, count: indices.count)
    GlyphSet.digits10.fill(
      indices, using: GlyphGenerator(seed: 1), pixels: &pixels, labels: &labels)
    return ImageSet(height: 28, width: 28, pixels: pixels, labels: labels)
  }

  /// The digits with labels that have nothing to do with them: what is learned by heart of some is
  /// wrong for the others.
  public static let senseless: Dataset = {
    guard let train = digits.train else { return digits }
    var stream = RandomStream(seed: 3, purpose: .testing)
    let labels = train.labels.map { _ in UInt16(stream.below(10)) }
    return Dataset(
      name: "senseless", classes: .digits,
      train: ImageSet(height: 28, width: 28, pixels: train.pixels, labels: labels), test: nil)
  }()

  /// The configuration that these options give; unless they say otherwise, a small perceptron.
  public static func configuration(_ options: [String: String]) throws -> LayeredConfiguration {
    var layers = LayeredConfiguration()
    let small = ["model": "mlp", "hidden": "16", "dropout": "0", "batch_size": "32", "lr": "0.01"]
    for (name, word) in small.merging(options, uniquingKeysWith: { $1 }) {
      try layers.layFlag(.known(name), word)
    }
    return layers
  }

  /// A session that will write into `folder`.
  public static func session(
    _ options: [String: String] = [:], on dataset: Dataset = digits, in folder: String,
    level: SIMDLevel = .widest, threads: Int = 1
  ) throws -> TrainingSession {
    let configuration = try configuration(["out": folder + "/run"].merging(options) { $1 })
    return try TrainingSession(
      configuration, dataset: dataset,
      description: modelDescription(for: configuration.configuration),
      device: Device(level: level, threads: threads))
  }

  /// A session that goes on in `run`.
  public static func resumed(
    _ options: [String: String] = [:], on dataset: Dataset = digits, run: String,
    level: SIMDLevel = .widest, threads: Int = 1
  ) throws -> TrainingSession {
    let configuration = try configuration(options)
    return try TrainingSession(
      configuration, dataset: dataset,
      description: modelDescription(for: configuration.configuration),
      resuming: SavedTraining(reading: RunDirectory(path: run)),
      device: Device(level: level, threads: threads))
  }

  /// A trainer of a small model, its settings changed by `change`.
  public static func trainer(
    on dataset: Dataset = digits, validation: Double = 0.25, batchNorm: Bool = true,
    dropout: Double? = nil, threads: Int = 1,
    _ change: (inout TrainingSettings) -> Void = { _ in }
  ) throws -> Trainer {
    var settings = TrainingSettings(try configuration(["epochs": "3"]).configuration)
    change(&settings)
    guard let images = dataset.train else { throw TrainingError.noImages }
    let parts = Selection(images).split(validationShare: validation, seed: 0)
    var options: JSONObject = ["hidden": [16], "batch_norm": .bool(batchNorm)]
    if let dropout { options["dropout"] = .number(dropout) }
    let shape = Settings(options, of: ShapingOption.all.map(\.setting))
    return try Trainer(
      Model(
        ModelPreset.mlp.description(shape), inputShape: [28, 28, 1], classes: 10, seed: 2,
        on: Device(threads: threads)),
      classLabels: dataset.classes.labels, training: parts.training, validation: parts.validation,
      normalization: Normalization(of: parts.training), settings: settings)
  }
}

/// Remembers what it was told.
public final class Witness: TrainingObserver {
  public var steps: [StepProgress] = []
  public var epochs: [(record: EpochRecord, isBest: Bool)] = []
  /// The weights after each epoch.
  public var weights: [[[Float]]] = []

  public init() {}

  public func trainer(_ trainer: Trainer, didStep progress: StepProgress) { steps.append(progress) }

  public func trainer(_ trainer: Trainer, didFinish record: EpochRecord, isBest: Bool) {
    epochs.append((record, isBest))
    weights.append(trainer.model.parameters.map(\.value.values))
  }
}
