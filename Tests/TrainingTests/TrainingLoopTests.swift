import Datasets
import NN
import Support
import Testing
import TestSupport
import TrainingFixtures

@testable import Configuration
@testable import Training

/// What the options of the loss and of the loop make of a training.
@Suite struct TrainingLoopTests {
  private func weights(
    _ change: @escaping (inout TrainingSettings) -> Void
  ) throws -> (weights: [Float], trainer: Trainer, witness: Witness) {
    let witness = Witness()
    // 128 of the 160 images are trained on.
    let trainer = try TrainingFixtures.trainer(validation: 0.2, batchNorm: false, dropout: 0) {
      $0.optimizer = .sgd
      $0.learningRate = 0.1
      change(&$0)
    }
    _ = try trainer.run(witness)
    return (witness.weights.last?.flatMap(\.self) ?? [], trainer, witness)
  }

  @Test func fourSmallBatchesAreOneLargeOne() throws {
    let small = try weights { $0.accumulate = 4 }
    let large = try weights { $0.batchSize = 128 }
    #expect(small.trainer.step == 3 && large.trainer.step == 3)
    // Sums of 128 terms in another order, three times.
    for (a, b) in zip(small.weights, large.weights) { #expect(abs(a - b) < 2e-6) }
    for (a, b) in zip(small.trainer.history, large.trainer.history) {
      #expect(abs(a.trainLoss - b.trainLoss) < 1e-6)
      #expect(a.trainAccuracy == b.trainAccuracy)
    }
    #expect(try weights { _ in }.weights != small.weights)
  }

  @Test func theLastUpdateOfAnEpochTakesWhatIsLeft() throws {
    let (_, trainer, witness) = try weights {
      $0.accumulate = 3
      $0.schedule = .cosine
    }
    // Two updates an epoch: three batches and one.
    #expect(trainer.step == 6 && trainer.trainedImages == 384)
    #expect(witness.steps.map(\.record.step) == Array(1...6))
    #expect(witness.steps.prefix(2).map(\.share) == [0.75, 1])
    // The schedule counts updates: half of the cosine is over after three.
    #expect(abs(witness.steps[3].record.learningRate - 0.05) < 1e-12)
    // The epoch's mean is over images, of which the first update has three quarters.
    let mean = (witness.steps[0].record.loss * 3 + witness.steps[1].record.loss) / 4
    #expect(abs(trainer.history[0].trainLoss - mean) < 1e-9)
  }

  @Test func stepsTimeAndRehearsalsEndWithAnUpdate() throws {
    #expect(
      try weights {
        $0.accumulate = 2
        $0.maxSteps = 3
      }.trainer.trainedImages == 192)
    #expect(
      try weights {
        $0.accumulate = 4
        $0.maxTime = 0
      }.trainer.step == 1)
    #expect(
      try weights {
        $0.accumulate = 4
        $0.isRehearsal = true
        $0.epochs = 1
      }.trainer.trainedImages == 32)
  }

  @Test(arguments: LossDescriptor.all.map(\.name)) func everyLossTeaches(_ loss: String) throws {
    let kind = try #require(LossDescriptor.named(loss))
    let trainer = try weights {
      $0.loss.loss = kind
      $0.loss.classWeights = .balanced
      $0.optimizer = .adam
      $0.learningRate = 0.01
      $0.epochs = 6
    }.trainer
    let history = trainer.history
    #expect(history[5].trainLoss < 0.8 * history[0].trainLoss)
    // Validation measures the cross-entropy, whatever is trained with.
    let (first, last) = (history[0], history[5])
    #expect(try #require(last.validationLoss) < #require(first.validationLoss))
    #expect(try #require(first.validationLoss) > 1)
  }

  @Test(arguments: [(0.4, 0), (0, 1), (0.4, 1)])
  func mixedBatchesTeachToo(_ mixup: Double, cutmix: Double) throws {
    func run() throws -> (weights: [Float], trainer: Trainer, witness: Witness) {
      try weights {
        ($0.loss.mixup, $0.loss.cutmix) = (mixup, cutmix)
        $0.optimizer = .adam
        $0.learningRate = 0.01
        $0.epochs = 8
        $0.accumulate = 2
      }
    }
    let (first, second) = (try run(), try run())
    #expect(first.weights == second.weights)
    let history = first.trainer.history
    #expect(try #require(history[7].validationLoss) < #require(history[0].validationLoss))
  }

  @Test func withoutStrengthNothingIsMixed() throws {
    let plain = try weights { _ in }
    let zero = try weights { ($0.loss.mixup, $0.loss.cutmix) = (0, 0) }
    #expect(plain.weights == zero.weights)
  }

  @Test func weightsMustBeOneAClass() {
    let expected = LossError.weightCount(found: 2, classes: 10)
    #expect(throws: expected) {
      _ = try TrainingFixtures.trainer { $0.loss.classWeights = .numbers([1, 2]) }
    }
    #expect(expected.exitCode == .usage)
    #expect(
      expected.description
        == "class_weights has 2 numbers, but there are 10 classes; give each one a number")
  }

  @Test func fewBatchesAreLearnedByHeart() throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(
        ["overfit_batches": "2", "epochs": "30"], in: folder)
      #expect(session.training.count == 64)
      #expect(session.training.indices == Array(0..<64))
      #expect(session.validation == session.training)
      #expect(!session.trainer.settings.shuffles)
      _ = try session.train(Witness())
      #expect(session.trainer.history.last?.validationAccuracy == 1)
      #expect(session.trainer.step == 60)
    }
  }

  @Test(arguments: [("7", 160), ("1000000", 160), ("1", 32)])
  func noMoreBatchesAreLearnedThanThereAre(_ batches: String, images: Int) throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(["overfit_batches": batches], in: folder)
      #expect(session.training.count == images)
    }
  }

  @Test(arguments: [
    (
      ["focal_gamma": "2"], "--focal-gamma is not used by loss cross_entropy; leave it out"
    ),
    (
      ["folds": "5", "val_split": "0.2"],
      "--folds and --val-split exclude each other: --folds decides what is validated on; "
        + "leave one out"
    ),
    (
      ["overfit_batches": "5", "val_split": "0.2"],
      "--overfit-batches and --val-split exclude each other: --overfit-batches decides what is "
        + "validated on; leave one out"
    ),
    (
      ["overfit_batches": "5", "folds": "3"],
      "--overfit-batches and --folds exclude each other: one learns by heart what the other "
        + "holds back; leave one out"
    ),
    (
      ["repeats": "5", "folds": "3"],
      "--repeats and --folds exclude each other: one trains on the same images with other seeds, "
        + "the other on other images; leave one out"
    ),
  ])
  func optionsThatContradictEachOtherAreNamed(_ options: [String: String], expected: String) {
    do {
      try TrainingFixtures.configuration(options).validate()
      Issue.record("it was accepted")
    } catch {
      #expect("\(error)" == expected)
      #expect((error as? ConfigurationError)?.exitCode == .usage)
    }
  }

  @Test(arguments: [
    ("folds", "1", "--folds must be from 2 to 1000, got 1"),
    (
      "class_weights", "1,x",
      "--class-weights must be 'balanced', or a number for each class as in 1,0.5,2, got '1,x'"
    ),
    (
      "class_weights", "0,0",
      "--class-weights must be 'balanced', or a number for each class as in 1,0.5,2, got '0,0'"
    ),
    ("loss", "mae", "unknown loss 'mae'; did you mean 'mse'? choose cross_entropy, focal or mse"),
    ("mixup", "-1", "--mixup must be at least 0, got -1"),
  ])
  func badValuesAreNamed(_ name: String, word: String, expected: String) {
    var layers = LayeredConfiguration()
    do {
      try layers.layFlag(.known(name), word)
      Issue.record("it was accepted")
    } catch {
      #expect("\(error)" == expected)
    }
  }

  @Test func classWeightsAreReadFromJSON() throws {
    var configuration = TrainingConfiguration()
    let option = ConfigurationOption.known("class_weights")
    for (json, expected) in [
      ("balanced", .balanced), ([2, 0.5], .numbers([2, 0.5])), ("2,0.5", .numbers([2, 0.5])),
    ] as [(JSONValue, ClassWeights)] {
      try option.set(&configuration, to: .json(json), at: .file(path: "f", key: "class_weights"))
      #expect(configuration.loss.classWeights == expected)
    }
  }
}
