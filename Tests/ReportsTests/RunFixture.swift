import Datasets
import Foundation
import NN
import Support
import Tensor

@testable import Metrics
@testable import Training

/// A run directory with everything in it, made without training: a dense layer over images of
/// 4 × 5 pixels and random scores.
struct RunFixture {
  var classes = ["a", "b", "<&>"]
  var count = 60
  var history = RunFixture.history(4)
  /// How far the right class's score is lifted; infinite for a model that is always right, NaN for
  /// one that diverged.
  var lift: Float = 1.5
  var isTested = true
  var hasCheckpoint = true

  static func history(_ epochs: Int, hasValidation: Bool = true) -> [EpochRecord] {
    (0..<epochs).map { (number: Int) -> EpochRecord in
      let share = 1 / Double(number + 1)
      let validation: (loss: Double, accuracy: Double)? =
        hasValidation ? (1.9 * share, 1 - 0.6 * share) : nil
      return EpochRecord(
        epoch: number + 1, seconds: 1.25, imagesPerSecond: 1000, learningRate: 0.1 * share,
        trainLoss: 2 * share, trainAccuracy: 1 - 0.5 * share,
        validationLoss: validation?.loss, validationAccuracy: validation?.accuracy)
    }
  }

  var dataset: Dataset {
    var stream = RandomStream(seed: 5, purpose: .testing)
    let pixels = (0..<count * 20).map { _ in UInt8(stream.below(256)) }
    return Dataset(
      name: "noise", classes: ClassTable(labels: classes), train: nil,
      test: ImageSet(
        height: 4, width: 5, pixels: pixels, labels: (0..<count).map { UInt16($0 % classes.count) })
    )
  }

  private var evaluation: Evaluation {
    var evaluation = Evaluation(labels: classes)
    var stream = RandomStream(seed: 6, purpose: .testing)
    let targets = (0..<count).map { UInt16($0 % classes.count) }
    let scores = targets.flatMap { target in
      classes.indices.map { stream.normal() + ($0 == Int(target) ? lift : 0) }
    }
    evaluation.add(logits: scores.span, targets: targets)
    return evaluation
  }

  /// Writes the run into `folder`, and returns its result if it was tested.
  func write(to folder: String) throws -> (run: RunDirectory, result: TestResult?) {
    let run = RunDirectory(path: folder)
    let config: JSONValue = [
      "schema": 1, "model": "m", "epochs": 4, "limit": .null,
      "sources": ["model": "flag", "epochs": "recipe", "limit": "default"],
    ]
    try AtomicFile.write(text: config.text(pretty: true), to: run.config)
    if !history.isEmpty { try AtomicFile.write(text: history.csvText, to: run.history) }
    if hasCheckpoint { try writeCheckpoint(to: run) }
    guard isTested else { return (run, nil) }
    let result = TestResult(
      evaluation: evaluation, run: folder, checkpoint: run.best, dataset: "noise",
      indices: Array(0..<count), seconds: 0.5)
    try result.write(to: run)
    return (run, result)
  }

  private func writeCheckpoint(to run: RunDirectory) throws {
    let description = ModelDescription(name: "m", layers: [Flatten(), Dense(.classes)])
    let model = try Model(
      description, inputShape: [4, 5, 1], classes: classes.count, on: Device(threads: 1))
    try Checkpoint(
      model: model, classes: ClassTable(labels: classes),
      normalization: Normalization(mean: 0, standardDeviation: 1),
      dataset: "noise", epoch: min(2, history.count), step: 10
    ).write(model, to: run.best)
  }
}
