import Datasets
import Metrics
import NN
import Platform
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

  /// The result on a selection of a part of the data set.
  ///
  /// - Throws: ``RunError`` if the data does not suit the run, and what ``Checkpoint/read(_:on:)``
  ///   throws.
  public func test(
    _ selection: Selection, of part: RunPart = .test, dataset: Dataset, batch: Int = 256,
    shifts: [PixelShift] = [], isRehearsal: Bool = false
  ) throws -> TestResult {
    let evaluator = try evaluator(for: selection.images, of: dataset, batch: batch)
    let start = monotonicSeconds()
    let evaluation = evaluator.evaluate(selection, shouldStop: { isRehearsal })
    let end = monotonicSeconds()
    let shifted = shifts.isEmpty ? nil : evaluator.evaluate(selection, shiftedBy: shifts)
    return TestResult(
      evaluation: evaluation, run: run.path, checkpoint: checkpointPath, dataset: dataset.name,
      part: part, indices: selection.indices.prefix(evaluation.count).map(Int.init),
      seconds: end - start,
      shifted: shifted.map {
        ShiftedResult(evaluation: $0, views: shifts.count, seconds: monotonicSeconds() - end)
      })
  }

  /// The probabilities of every class, `[N, C]`, for the images of a selection.
  ///
  /// - Throws: as ``test(_:of:dataset:batch:shifts:isRehearsal:)``.
  public func probabilities(of selection: Selection, dataset: Dataset) throws -> [Float] {
    try evaluator(for: selection.images, of: dataset, batch: 256).probabilities(of: selection)
  }

  private func evaluator(
    for images: ImageSet, of dataset: Dataset, batch: Int
  ) throws -> Evaluator {
    guard access(checkpointPath, F_OK) == 0 else {
      throw RunError.noCheckpoint(path: checkpointPath)
    }
    let (checkpoint, model) = try Checkpoint.read(checkpointPath, on: device)
    try checkpoint.check(images, of: dataset, run: run.path)
    return Evaluator(
      model, labels: checkpoint.labels, normalization: checkpoint.normalization, batch: batch)
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
