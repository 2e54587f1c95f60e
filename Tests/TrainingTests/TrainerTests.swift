import Datasets
import NN
import Support
import Tensor
import Testing
import TrainingFixtures

@testable import Configuration
@testable import Training

@Suite struct TrainerTests {
  @Test func theLossFallsAndEveryEpochHasARow() throws {
    let (trainer, witness) = (try TrainingFixtures.trainer(), Witness())
    #expect(try trainer.run(witness) == .finished)
    let history = trainer.history
    #expect(history.map(\.epoch) == [1, 2, 3])
    #expect(witness.epochs.map(\.record) == history)
    #expect(history[2].trainLoss < 0.7 * history[0].trainLoss)
    #expect(history[2].trainAccuracy > history[0].trainAccuracy)
    #expect(try #require(history[2].validationLoss) < #require(history[0].validationLoss))
    // 120 training images in batches of 32.
    #expect(trainer.step == 12 && trainer.trainedImages == 360)
    #expect(history.allSatisfy { $0.seconds > 0 && $0.imagesPerSecond > 0 })
  }

  @Test func progressCountsWhatWasDone() throws {
    let (trainer, witness) = (try TrainingFixtures.trainer { $0.epochs = 2 }, Witness())
    _ = try trainer.run(witness)
    #expect(witness.steps.map(\.epoch) == [1, 1, 1, 1, 2, 2, 2, 2])
    #expect(witness.steps.map(\.record.step) == Array(1...8))
    #expect(witness.steps.prefix(4).map(\.share) == [32, 64, 96, 120].map { $0 / 120.0 })
    let (last, epoch) = (witness.steps[3], trainer.history[0])
    #expect(last.loss == epoch.trainLoss && last.accuracy == epoch.trainAccuracy)
    // The epoch's loss is the mean over images; its last batch has 24 of them.
    let sum = zip(witness.steps, [32.0, 32, 32, 24]).reduce(0) { $0 + $1.0.record.loss * $1.1 }
    #expect(abs(sum / 120 / epoch.trainLoss - 1) < 1e-12)
  }

  @Test func theHistoryHasTheRateOfTheEpochsLastStep() throws {
    let (trainer, witness) = (
      try TrainingFixtures.trainer {
        $0.schedule = .cosine
        $0.numbers[.warmupEpochs] = 1
      }, Witness()
    )
    _ = try trainer.run(witness)
    // Four steps an epoch: a rise of four, half a cosine over eight.
    #expect(witness.steps[0].record.learningRate == 0.01 / 5)
    #expect(witness.steps[4].record.learningRate == 0.01)
    #expect(abs(witness.steps[8].record.learningRate - 0.005) < 1e-15)
    #expect(
      trainer.history.map(\.learningRate)
        == [3, 7, 11].map { witness.steps[$0].record.learningRate })
  }

  @Test(arguments: BestEpochRule.allCases.filter { $0 != .last })
  func theBestEpochIsTheFirstWithTheBestScore(monitor: BestEpochRule) throws {
    let (trainer, witness) = (
      try TrainingFixtures.trainer(on: TrainingFixtures.senseless) {
        $0.epochs = 8
        $0.monitor = monitor
      }, Witness()
    )
    _ = try trainer.run(witness)
    let scores = try witness.epochs.map { epoch in
      let loss = try #require(epoch.record.validationLoss)
      let accuracy = try #require(epoch.record.validationAccuracy)
      return switch monitor {
      case .valLoss: EpochScore(value: -loss)
      case .valAccuracyThenLoss: EpochScore(value: accuracy, tieBreak: -loss)
      case .valAccuracy, .last: EpochScore(value: accuracy)
      }
    }
    let best = try #require(scores.max())
    #expect(trainer.bestEpoch == 1 + (scores.firstIndex(of: best) ?? -1))
    for (index, score) in scores.enumerated() {
      #expect(witness.epochs[index].isBest == scores.prefix(index).allSatisfy { score > $0 })
    }
    // The labels make no sense, so a later epoch is no better.
    #expect(trainer.bestEpoch < 8)
  }

  @Test(arguments: BestEpochRule.allCases)
  func equalScoresAreNoImprovement(monitor: BestEpochRule) throws {
    let trainer = try TrainingFixtures.trainer(batchNorm: false) {
      $0.learningRate = 0
      $0.monitor = monitor
      $0.epochs = 10
      $0.patience = 2
    }
    #expect(try trainer.run(Witness()) == .early)
    #expect(trainer.bestEpoch == (monitor == .last ? 3 : 1) && trainer.history.count == 3)
  }

  @Test func theLowerLossDecidesBetweenEqualAccuracies() {
    func epoch(_ accuracy: Double, _ loss: Double) -> EpochRecord {
      EpochRecord(
        epoch: 1, seconds: 1, imagesPerSecond: 1, learningRate: 1, trainLoss: 1, trainAccuracy: 1,
        validationLoss: loss, validationAccuracy: accuracy)
    }
    func isBetter(_ a: EpochRecord, than b: EpochRecord, by rule: BestEpochRule) -> Bool {
      guard let a = rule.score(of: a), let b = rule.score(of: b) else { return false }
      return a > b
    }
    let rule = BestEpochRule.valAccuracyThenLoss
    #expect(isBetter(epoch(0.9, 0.2), than: epoch(0.9, 0.3), by: rule))
    #expect(!isBetter(epoch(0.9, 0.3), than: epoch(0.9, 0.3), by: rule))
    #expect(isBetter(epoch(0.91, 0.5), than: epoch(0.9, 0.3), by: rule))
    #expect(isBetter(epoch(0.9, 0.3), than: epoch(0.9, .nan), by: rule))
    #expect(!isBetter(epoch(0.9, 0.2), than: epoch(0.9, 0.3), by: .valAccuracy))
  }

  @Test func theLastEpochIsKeptWhateverValidationSays() throws {
    let (trainer, witness) = (
      try TrainingFixtures.trainer(on: TrainingFixtures.senseless) {
        $0.epochs = 8
        $0.monitor = .last
      }, Witness()
    )
    _ = try trainer.run(witness)
    #expect(trainer.bestEpoch == 8 && witness.epochs.allSatisfy(\.isBest))
    #expect(trainer.rule == .last)
  }

  @Test(arguments: BestEpochRule.allCases)
  func patienceCountsEpochsWithoutImprovement(monitor: BestEpochRule) throws {
    let trainer = try TrainingFixtures.trainer(on: TrainingFixtures.senseless) {
      $0.epochs = 50
      $0.patience = 2
      $0.monitor = monitor
    }
    #expect(try trainer.run(Witness()) == .early)
    #expect(trainer.history.count == trainer.progress.improvedEpoch + 2)
    // Whoever keeps the last epoch stops by the loss.
    let kept = monitor == .last ? trainer.history.count : trainer.progress.improvedEpoch
    #expect(trainer.bestEpoch == kept)
  }

  @Test func withoutValidationTheLatestEpochIsTheBest() throws {
    let (trainer, witness) = (
      try TrainingFixtures.trainer(validation: 0) { $0.patience = 1 }, Witness()
    )
    #expect(try trainer.run(witness) == .finished)
    #expect(trainer.bestEpoch == 3)
    #expect(witness.epochs.map(\.isBest) == [true, true, true])
    #expect(trainer.history.allSatisfy { $0.validationLoss == nil && $0.validationAccuracy == nil })
  }

  @Test func timeEndsATrainingAfterTheStepAtHand() throws {
    let (trainer, witness) = (try TrainingFixtures.trainer { $0.maxTime = 0 }, Witness())
    #expect(try trainer.run(witness) == .time)
    #expect(trainer.step == 1)
    #expect(witness.epochs.count == 1)
  }

  @Test func stepsEndATrainingInTheMiddleOfAnEpoch() throws {
    let (trainer, witness) = (try TrainingFixtures.trainer { $0.maxSteps = 6 }, Witness())
    #expect(try trainer.run(witness) == .steps)
    #expect(trainer.step == 6)
    #expect(trainer.history.map(\.epoch) == [1, 2])
    // The second epoch's means are over the two batches it had.
    #expect(trainer.history[1].trainLoss == witness.steps[5].loss)
  }

  @Test func aRehearsalIsOneBatchOfEachKind() throws {
    let trainer = try TrainingFixtures.trainer {
      $0.isRehearsal = true
      $0.epochs = 1
    }
    #expect(try trainer.run(Witness()) == .finished)
    #expect(trainer.step == 1 && trainer.trainedImages == 32)
    #expect(trainer.history.count == 1)
  }

  @Test func aLossThatIsNoNumberEndsTheTraining() throws {
    let trainer = try TrainingFixtures.trainer { $0.learningRate = 1e30 }
    do {
      _ = try trainer.run(Witness())
      Issue.record("it went on")
    } catch let error as TrainingError {
      guard case .diverged(let divergence) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(divergence.epoch == 1 && divergence.rate == 1e30 && divergence.restores == 0)
      #expect(divergence.step == trainer.step + 1)
      #expect(error.exitCode == .failure)
      #expect(
        error.description.hasPrefix(
          "training diverged in epoch 1, step \(divergence.step): the "))
    }
  }

  @Test func withoutImagesThereIsNoTraining() {
    let images = ImageSet(height: 28, width: 28, pixels: [], labels: [])
    let empty = Dataset(name: "empty", classes: .digits, train: images, test: nil)
    #expect(throws: TrainingError.noImages) { _ = try TrainingFixtures.trainer(on: empty) }
    #expect(TrainingError.noImages.exitCode == .dataError)
    #expect(
      TrainingError.noImages.description
        == "no image is left to train on")
  }

  @Test func theSeedDecidesEverythingAndThreadsNothing() throws {
    func weights(threads: Int = 1, _ change: (inout TrainingSettings) -> Void = { _ in }) throws
      -> [[Float]]
    {
      let (trainer, witness) = (
        try TrainingFixtures.trainer(threads: threads) {
          $0.epochs = 1
          change(&$0)
        }, Witness()
      )
      _ = try trainer.run(witness)
      return witness.weights[0]
    }
    let first = try weights()
    #expect(try weights() == first)
    #expect(try weights(threads: 3) == first)
    // The initial weights are the model's; what remains is shuffling and dropout.
    #expect(try weights { $0.seed = 1 } != first)
    #expect(try weights { $0.shuffles = false } != first)
  }

  @Test func evaluatingInBetweenChangesNothing() throws {
    // Two epochs with the same training images, once with a validation part and once without.
    func weights(validates: Bool) throws -> [[Float]] {
      let witness = Witness()
      let images = try #require(TrainingFixtures.digits.train)
      let parts = Selection(images).split(validationShare: 0.25, seed: 0)
      let configuration = try TrainingFixtures.configuration(["epochs": "2"]).configuration
      let trainer = try Trainer(
        Model(
          ModelPreset.mlp.description(), inputShape: [28, 28, 1], classes: 10,
          on: Device(threads: 1)),
        classLabels: ClassTable.digits.labels, training: parts.training,
        validation: validates ? parts.validation : nil,
        normalization: Normalization(of: parts.training), settings: TrainingSettings(configuration))
      _ = try trainer.run(witness)
      return witness.weights[1]
    }
    #expect(try weights(validates: true) == weights(validates: false))
  }
}
