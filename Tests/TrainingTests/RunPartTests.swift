import Datasets
import Metrics
import Support
import Tensor
import Testing
import TestSupport
import TrainingFixtures

@testable import Configuration
@testable import Training

@Suite struct RunPartTests {
  /// The accuracy of a run's best epoch on a part of its data, divided anew.
  private func accuracy(
    of run: RunDirectory, _ part: (TrainingParts) -> Selection?
  ) throws -> Double {
    let selection = try #require(
      part(try TrainingParts(of: run, dataset: TrainingFixtures.digits)))
    return try RunTester(run: run, checkpointPath: run.best, device: Device(threads: 1))
      .test(selection, of: .val, dataset: TrainingFixtures.digits).evaluation.accuracy
  }

  @Test(arguments: [
    [:], ["val_split": "0.25", "seed": "5"], ["limit": "90"],
    ["loss": "focal", "ema": "0.9", "val_split": "0.3"],
  ])
  func theValidationPartIsTheOneOfTheTraining(options: [String: String]) throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(options, in: folder)
      _ = try session.train(Witness())
      let parts = try TrainingParts(of: session.run, dataset: TrainingFixtures.digits)
      #expect(parts.training == session.training && parts.validation == session.validation)
      let history = try [EpochRecord](csvFile: session.run.history)
      let best = try #require(history.first { $0.epoch == session.trainer.bestEpoch })
      #expect(try accuracy(of: session.run) { $0.validation } == best.validationAccuracy)
    }
  }

  @Test func aFoldIsValidatedOnItsOwnPart() throws {
    try withTemporaryDirectory { folder in
      let configuration = try TrainingFixtures.configuration(
        ["folds": "3", "epochs": "1", "out": folder + "/cv"])
      let validation = try TrainingSeries(
        configuration, dataset: TrainingFixtures.digits,
        description: modelDescription(for: configuration.configuration),
        device: Device(threads: 1))
      for number in 1...3 {
        let session = try validation.session(number)
        _ = try session.train(Witness())
        let parts = try TrainingParts(of: session.run, dataset: TrainingFixtures.digits)
        #expect(parts.validation == validation.parts[number - 1].validation)
      }
    }
  }

  @Test func otherImagesAreRefused() throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(["epochs": "1"], in: folder)
      _ = try session.train(Witness())
      let run = session.run.path
      #expect(
        message { _ = try TrainingParts(of: session.run, dataset: TrainingFixtures.senseless) }
          == "\(run): was trained on other images or labels than 'senseless' has here")
    }
  }
}

@Suite struct PixelShiftTests {
  /// Two images of 2 × 3 pixels.
  private let images = Selection(
    ImageSet(
      height: 2, width: 3, pixels: [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16], labels: [0, 1]))

  @Test(arguments: [
    (0, 0, [11, 12, 13, 14, 15, 16, 1, 2, 3, 4, 5, 6]),
    (1, 0, [0, 11, 12, 0, 14, 15, 0, 1, 2, 0, 4, 5]),
    (-1, 0, [12, 13, 0, 15, 16, 0, 2, 3, 0, 5, 6, 0]),
    (0, 1, [0, 0, 0, 11, 12, 13, 0, 0, 0, 1, 2, 3]),
    (0, -1, [14, 15, 16, 0, 0, 0, 4, 5, 6, 0, 0, 0]),
    (5, 0, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
  ])
  func whatComesInIsBackground(right: Int, down: Int, expected: [UInt8]) {
    let turned = Selection(images.images, indices: [1, 0])
    let shifted = turned.shifted(0..<2, by: PixelShift(right: right, down: down))
    #expect(shifted.pixels == expected)
    #expect(shifted.labels == [1, 0])
  }

  @Test func theImageAloneIsThePlainResult() throws {
    let test = Selection(try #require(TrainingFixtures.digits.test))
    let trainer = try TrainingFixtures.trainer { $0.epochs = 1 }
    _ = try trainer.run(Witness())
    let evaluator = Evaluator(
      trainer.model, labels: ClassTable.digits.labels,
      normalization: Normalization(of: test), batch: 16)
    let plain = evaluator.evaluate(test)
    let alone = evaluator.evaluate(test, shiftedBy: [PixelShift(right: 0, down: 0)])
    #expect(alone.confusion == plain.confusion)
    // Logarithms of probabilities are rounded to single precision.
    #expect(abs(alone.loss - plain.loss) < 1e-6)
    let probabilities = evaluator.probabilities(of: test)
    for (index, prediction) in plain.predictions.enumerated() {
      let row = probabilities[index * 10..<(index + 1) * 10]
      #expect(row.max() == Float(prediction.probability))
      #expect(abs(row.reduce(0, +) - 1) < 1e-5)
    }
    let shifted = evaluator.evaluate(test, shiftedBy: PixelShift.cross)
    #expect(shifted.count == plain.count && shifted.loss != plain.loss)
  }
}
