import Configuration
import TestSupport
import Interchange
import NN
import Support
import Tensor
import Testing
import TestSupport
import Training
import TrainingFixtures

@Suite struct WeightUpdateTests {
  @Test func plateauLowersTheRateWhenNothingImproves() throws {
    // A rate of nearly nothing: no epoch is better than the first by as much as the threshold.
    let (trainer, witness) = (
      try TrainingFixtures.trainer(batchNorm: false) {
        $0.schedule = .plateau
        $0.numbers = Settings(
          ["plateau_patience": 1, "lr_decay": 0.5, "plateau_threshold": 0.5],
          of: ScheduleDescriptor.settings)
        $0.learningRate = 1e-6
        $0.epochs = 6
      }, Witness()
    )
    _ = try trainer.run(witness)
    #expect(trainer.history.map(\.learningRate) == [1e-6, 1e-6, 1e-6, 5e-7, 5e-7, 2.5e-7])
  }

  @Test func theAverageIsValidatedAndTheWeightsGoOn() throws {
    func epochs(_ decay: Double) throws -> (losses: [Double], weights: [[Float]]) {
      let (trainer, witness) = (
        try TrainingFixtures.trainer { $0.averageDecay = decay }, Witness()
      )
      _ = try trainer.run(witness)
      return (trainer.history.compactMap(\.validationLoss), witness.weights[2])
    }
    let (plain, averaged) = (try epochs(0), try epochs(0.9))
    #expect(plain.weights == averaged.weights)
    #expect(plain.losses.count == 3 && averaged.losses.count == 3)
    #expect(zip(plain.losses, averaged.losses).allSatisfy { $0 != $1 })
  }

  @Test func theBestCheckpointIsTheAverageAndTheLastHasBoth() throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(
        ["epochs": "1", "ema": "0.9", "scheduler": "plateau"], in: folder)
      _ = try session.train(Witness())
      let best = try SafetensorsFile.read(path: session.run.best)
      let last = try SafetensorsFile.read(path: session.run.last)
      for parameter in session.model.parameters {
        let average = try best.floats(named: parameter.name)
        #expect(try last.floats(named: "ema.\(parameter.name)") == average)
        #expect(try last.floats(named: parameter.name) != average)
      }
      #expect(best[metadata: "emnist.progress"] == nil)
      let state = try #require(last[metadata: "emnist.progress"])
      let plateau = try JSONValue(parsing: Array(state.utf8), path: "state")["plateau"]
      #expect(plateau?["lr"]?.double == 0.01 && plateau?["bad_epochs"]?.int == 0)
      #expect(plateau?["best"]?.double == session.trainer.history[0].validationLoss)
    }
  }

  @Test(arguments: [("l1", "0.01"), ("l2", "0.1"), ("clip_norm", "0.01"), ("clip_value", "0.001")])
  func eachRuleReachesTheTraining(option: String, value: String) throws {
    func weights(_ options: [String: String]) throws -> [[Float]] {
      try withTemporaryDirectory { folder in
        let witness = Witness()
        let all = options.merging(["epochs": "1", "optimizer": "sgd"]) { $1 }
        _ = try TrainingFixtures.session(all, in: folder).train(witness)
        return witness.weights[0]
      }
    }
    #expect(try weights([:]) != weights([option: value]))
  }
}
