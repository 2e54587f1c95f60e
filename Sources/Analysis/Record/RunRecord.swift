import Configuration
import Datasets
import Interchange
import Metrics
import NN
import Platform
import Support
import Tensor
import Training

/// What a run left in its directory, read back.
public struct RunRecord: Sendable {
  public let run: RunDirectory
  /// Every option of `config.json` with its value and who decided it, in its order.
  public let options: [RecordedOption]
  /// Empty if the run ended before its first epoch.
  public let history: [EpochRecord]
  /// `nil` if the run was not tested.
  public let test: RecordedTest?
  /// One a test image; empty if the run was not tested.
  public let predictions: [RecordedPrediction]
  /// What it was made from; `nil` for runs of before there were manifests.
  public let manifest: Manifest?
  /// `nil` without a checkpoint.
  public let model: RecordedModel?

  /// Reads `config.json`, and of the other files those that are there.
  ///
  /// - Throws: ``FileError``, ``JSONError`` and ``RecordError``; for a damaged checkpoint what
  ///   ``Checkpoint/read(_:on:)`` throws.
  public init(reading run: RunDirectory) throws {
    self.run = run
    options = try Self.options(run.config)
    history = try Self.ifPresent(run.history, [EpochRecord].init(csvFile:)) ?? []
    test = try Self.ifPresent(run.evaluation, RecordedTest.init(reading:))
    let (classes, check) = (test?.confusion.classCount ?? 0, test?.predictionsCheck)
    predictions =
      try Self.ifPresent(run.predictions) {
        try [RecordedPrediction](
          csvFile: $0, classCount: classes, check: check)
      } ?? []
    manifest = try Self.ifPresent(run.manifest, Manifest.init(reading:))
    model = try Self.ifPresent(run.best, RecordedModel.init(reading:))
  }

  /// The best epoch, counted from 1; `nil` without a checkpoint or before the first epoch.
  public var bestEpoch: Int? { model.flatMap { $0.epoch > 0 ? $0.epoch : nil } }

  /// By which rule it is the best; `nil` for runs that do not say.
  public var rule: BestEpochRule? {
    guard history.contains(where: { $0.validationLoss != nil }) else { return .last }
    return options.first { $0.name == "monitor" }?.value.flatMap(BestEpochRule.init)
  }

  /// The best epoch's record.
  public var best: EpochRecord? { history.first { $0.epoch == bestEpoch } }

  /// What of training is not in validation and test; `nil` if that is not known.
  public var handicaps: TrainingHandicaps? {
    guard let model, let options = try? LayeredConfiguration(recordedIn: run.config) else {
      return nil
    }
    return TrainingHandicaps(options.configuration, model.summary)
  }

  /// How long all epochs took, validation included.
  public var seconds: Double { history.reduce(0) { $0 + $1.seconds } }

  /// The predictions in bins by their probability.
  public var calibration: Calibration {
    predictions.reduce(into: Calibration()) {
      $0.add(probability: $1.prediction.probability, isCorrect: $1.prediction.isCorrect)
    }
  }

  /// The same at the network's temperature; `nil` without one.
  public var temperedCalibration: Calibration? {
    guard let confidence = test?.confidence, confidence.temperature > 0,
      predictions.contains(where: { $0.prediction.tempered != nil })
    else { return nil }
    return predictions.reduce(into: Calibration()) {
      $0.add(
        probability: $1.prediction.tempered ?? .nan, isCorrect: $1.prediction.isCorrect)
    }
  }

  /// Coverage and risk by the score, and the threshold; `nil` without a score.
  public var selective: SelectiveResult? {
    test?.confidence.flatMap {
      SelectiveResult(predictions.map(\.prediction), threshold: $0.threshold)
    }
  }

  private static func ifPresent<Value>(
    _ path: String, _ read: (String) throws -> Value
  ) throws -> Value? {
    FileSystem.exists(path) ? try read(path) : nil
  }

  private static func options(_ path: String) throws -> [RecordedOption] {
    guard let object = try JSONValue(parsing: readFile(path, as: .text), path: path).object else {
      throw ConfigurationError.notAnObject(path: path)
    }
    return object.filter { !["schema", "sources"].contains($0.key) }.map { name, value in
      RecordedOption(
        name: name, value: value == .null ? nil : value.string ?? value.text(),
        source: object["sources"]?[name]?.string ?? "")
    }
  }
}

/// An option as a run recorded it.
public struct RecordedOption: Equatable, Sendable {
  public let name: String
  /// `nil` where nothing was chosen.
  public let value: String?
  /// `flag`, `recipe`, `default`, …
  public let source: String
}

/// The network of a run's best epoch.
public struct RecordedModel: Sendable {
  public let epoch: Int
  public let dataset: String
  public let labels: [String]
  public let summary: ModelSummary
  /// The weights of the first layer that has any, in PyTorch's layout.
  public let firstWeights: SafetensorsTensor?

  /// Reads a checkpoint.
  ///
  /// - Throws: what ``Checkpoint/read(_:on:)`` throws.
  public init(reading path: String) throws {
    let (checkpoint, model) = try Checkpoint.read(path, on: Device(threads: 1))
    epoch = checkpoint.epoch
    dataset = checkpoint.dataset
    labels = checkpoint.labels
    summary = try ModelSummary(
      checkpoint.description, inputShape: Shape(checkpoint.inputShape),
      classes: checkpoint.labels.count)
    firstWeights = model.parameters.first.map {
      SafetensorsTensor(name: $0.name, $0.value, layout: $0.layout)
    }
  }
}
