import Datasets
import NN
import Support
import Tensor

/// Tests a run's checkpoint on images it has not seen.
public struct RunTester {
  public let run: RunDirectory
  public let checkpointPath: String
  public let device: Device

  public init(run: RunDirectory, checkpointPath: String, device: Device) {
    self.run = run
    self.checkpointPath = checkpointPath
    self.device = device
  }

  /// The result on a selection of the data set's test part.
  ///
  /// - Throws: ``RunError`` if the data does not suit the run, and what ``Checkpoint/read(_:on:)``
  ///   throws.
  public func test(
    _ selection: Selection, dataset: Dataset, batch: Int = 256, isRehearsal: Bool = false
  ) throws -> TestResult {
    guard access(checkpointPath, F_OK) == 0 else {
      throw RunError.noCheckpoint(path: checkpointPath)
    }
    let (checkpoint, model) = try Checkpoint.read(checkpointPath, on: device)
    try checkpoint.check(selection.images, of: dataset, run: run.path)
    let evaluator = Evaluator(
      model, labels: checkpoint.labels, normalization: checkpoint.normalization, batch: batch)
    let start = monotonicSeconds()
    let evaluation = evaluator.evaluate(selection, shouldStop: { isRehearsal })
    return TestResult(
      evaluation: evaluation, run: run.path, checkpoint: checkpointPath, dataset: dataset.name,
      indices: selection.indices.prefix(evaluation.count).map(Int.init),
      seconds: monotonicSeconds() - start)
  }
}

extension Checkpoint {
  /// Checks that images are of the classes and the size that the model was trained on.
  ///
  /// - Throws: ``RunError``.
  func check(_ images: ImageSet, of dataset: Dataset, run: String) throws {
    let found = dataset.classes.labels
    guard labels.count == found.count else {
      throw RunError.classesDiffer(
        run: run, trained: labels.count, dataset: dataset.name, found: found.count)
    }
    for (index, labels) in zip(labels, found).enumerated() where labels.0 != labels.1 {
      throw RunError.labelsDiffer(
        run: run, dataset: dataset.name, index: index, trained: labels.0, found: labels.1)
    }
    guard inputShape == [images.height, images.width, 1] else {
      throw RunError.imageSizeDiffers(
        run: run, trained: "\(inputShape[0]) x \(inputShape[1])",
        dataset: dataset.name, found: "\(images.height) x \(images.width)")
    }
  }
}

/// What a test came to.
public struct TestResult: Sendable {
  public let evaluation: Evaluation
  public let run: String
  public let checkpoint: String
  public let dataset: String
  /// Where in the test files the samples stand.
  public let indices: [Int]
  public let seconds: Double

  /// The object of `eval --json`.
  public func json(includingMatrix: Bool = true) -> JSONObject {
    evaluation.json(
      run: run, checkpoint: checkpoint, dataset: dataset, seconds: seconds,
      includingMatrix: includingMatrix)
  }

  /// Writes `evaluation.json`, `confusion.csv` and `predictions.csv`.
  public func write(to run: RunDirectory) throws {
    try AtomicFile.write(text: JSONValue.object(json()).text(pretty: true), to: run.evaluation)
    try AtomicFile.write(text: evaluation.confusion.csvText, to: run.confusion)
    try AtomicFile.write(
      text: evaluation.predictions.csvText(indices: indices), to: run.predictions)
  }
}
