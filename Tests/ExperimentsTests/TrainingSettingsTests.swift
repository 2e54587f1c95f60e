import NN
import Testing

@testable import Experiments

@Suite struct TrainingSettingsTests {
  private func settings(_ options: [String: String]) throws -> TrainingSettings {
    var layers = LayeredConfiguration()
    for (name, word) in options { try layers.layFlag(.known(name), word) }
    return TrainingSettings(layers.configuration)
  }

  @Test func whatNobodyChoseIsKerasDefault() throws {
    let settings = try settings([:])
    #expect(settings.epochs == 10 && settings.batchSize == 128)
    #expect(settings.optimizer.name == .adam && settings.optimizer.learningRate == 0.001)
    #expect(settings.scheduler == .constant && settings.labelSmoothing == 0)
    #expect(settings.shuffles && !settings.isRehearsal)
    #expect(settings.maxTime == nil && settings.maxSteps == nil)
  }

  @Test func aRehearsalIsOneEpoch() throws {
    #expect(try settings(["epochs": "7", "fast_dev_run": "true"]).epochs == 1)
  }

  @Test func theStepScheduleDividesByTenAfterEachThird() throws {
    let schedule = try settings(["epochs": "3", "scheduler": "step", "lr": "1"])
      .makeSchedule(stepsAnEpoch: 4)
    for (step, rate) in [(0, 1), (3, 1), (4, 0.1), (7, 0.1), (8, 0.01), (11, 0.01)] {
      #expect(abs(schedule.rate(at: step) - rate) < 1e-12, "step \(step)")
    }
  }

  @Test func theCosineEndsWithTheLastStep() throws {
    let schedule = try settings(["epochs": "2", "scheduler": "cosine", "lr": "1"])
      .makeSchedule(stepsAnEpoch: 5)
    #expect(schedule.rate(at: 0) == 1)
    #expect(abs(schedule.rate(at: 5) - 0.5) < 1e-12)
    #expect(schedule.rate(at: 9) > 0 && schedule.rate(at: 10) < 1e-12)
  }

  @Test func warmUpTakesAShareOfAnEpochAndAtMostTheWholeTraining() throws {
    let options = ["epochs": "2", "scheduler": "constant", "lr": "1"]
    let half = try settings(options.merging(["warmup_epochs": "0.5"]) { $1 })
      .makeSchedule(stepsAnEpoch: 4)
    #expect([0, 1, 2, 3].map(half.rate) == [1.0 / 3, 2.0 / 3, 1, 1])
    let long = try settings(options.merging(["warmup_epochs": "9"]) { $1 })
      .makeSchedule(stepsAnEpoch: 4)
    #expect(long.rate(at: 7) == 8.0 / 9)
  }

  @Test func theOptimizerIsTheOneThatWasChosen() throws {
    func optimizer(_ name: String) throws -> any Optimizer {
      try settings(["optimizer": name]).optimizer.makeOptimizer(for: [])
    }
    #expect(try optimizer("sgd") is SGD)
    #expect(try optimizer("rmsprop") is RMSprop)
    #expect(try optimizer("adagrad") is Adagrad)
    #expect(try optimizer("adam") is Adam)
    #expect(try optimizer("adamw") is Adam)
    #expect(try optimizer("muon") is Muon)
  }
}
