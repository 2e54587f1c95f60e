import NN
import Testing

@testable import Configuration
@testable import Training

@Suite struct TrainingSettingsTests {
  private func settings(_ options: [String: String]) throws -> TrainingSettings {
    var layers = LayeredConfiguration()
    for (name, word) in options { try layers.layFlag(.known(name), word) }
    return TrainingSettings(layers.configuration)
  }

  @Test func whatNobodyChoseIsKerasDefault() throws {
    let settings = try settings([:])
    #expect(settings.epochs == 10 && settings.batchSize == 128)
    #expect(settings.optimizer == .adam && settings.learningRate == 0.001)
    #expect(settings.schedule == .constant && settings.labelSmoothing == 0)
    #expect(settings.shuffles && !settings.isRehearsal)
    #expect(settings.maxTime == nil && settings.maxSteps == nil)
    #expect(settings.gradientRules == GradientRules() && settings.averageDecay == 0)
  }

  @Test func aRehearsalIsOneEpoch() throws {
    #expect(try settings(["epochs": "7", "fast_dev_run": "true"]).epochs == 1)
  }

  @Test func theOptimizerIsTheOneThatWasChosen() throws {
    func optimizer(_ name: String) throws -> any Optimizer {
      let settings = try settings(["optimizer": name])
      return settings.optimizer.makeOptimizer(for: [], settings.numbers)
    }
    #expect(try optimizer("sgd") is SGD)
    #expect(try optimizer("rmsprop") is RMSprop)
    #expect(try optimizer("adagrad") is Adagrad)
    #expect(try optimizer("adam") is Adam)
    #expect(try optimizer("adamw") is Adam)
    #expect(try optimizer("muon") is Muon)
  }
}
