import Foundation
import NN
import Support
import Tensor
import Testing
import TestSupport
import TrainingFixtures

@testable import Training

/// Ends a training as a kill after an epoch would.
private final class Killer: TrainingObserver {
  struct Killed: Error {}
  let epoch: Int?
  private(set) var divergences: [Divergence] = []

  init(afterEpoch epoch: Int? = nil) { self.epoch = epoch }

  func trainer(_ trainer: Trainer, didStep progress: StepProgress) {}
  func trainer(_ trainer: Trainer, didFinish record: EpochRecord, isBest: Bool) throws {
    if record.epoch == epoch { throw Killed() }
  }
  func trainer(_ trainer: Trainer, isBackAfter divergence: Divergence) {
    divergences.append(divergence)
  }
}

@Suite struct DivergenceTests {
  /// A penalty that multiplies the weights by 1 - 2 · lr · l2 in each step: by -5, by -2 at half the
  /// rate, and by -0.5 at a quarter.
  private static let unstable = [
    "optimizer": "sgd", "momentum": "0", "lr": "0.01", "l2": "300", "batch_size": "16",
    "scheduler": "constant", "epochs": "16", "val_split": "0", "log_steps": "true",
  ]

  private func restoring(_ options: [String: String] = unstable) -> [String: String] {
    options.merging(["on_divergence": "restore"]) { $1 }
  }

  private func divergence(of body: () throws -> some Any) -> Divergence? {
    do {
      _ = try body()
    } catch TrainingError.diverged(let divergence) {
      return divergence
    } catch {
      Issue.record("\(error)")
    }
    return nil
  }

  @Test(arguments: [[:], ["ema": "0.5"], ["model": "mlp", "batch_norm": "true"]])
  func noCheckpointHoldsWhatTheLastUpdateBroke(special: [String: String]) throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(
        ["optimizer": "sgd", "lr": "1e30", "l2": "1e30", "max_steps": "1"]
          .merging(special) { $1 }, in: folder)
      let found = try #require(divergence { try session.train(Killer()) })
      #expect(found.step == 1 && found.epoch == 1)
      #expect(found.description.hasSuffix("' are not finite numbers"))
      #expect(try files(in: folder + "/run") == ["config.json", "manifest.json"])
      let manifest = try Manifest(reading: folder + "/run/manifest.json")
      #expect(manifest.sessions.last?["ended"] == "diverged" && manifest["result"] == nil)
    }
  }

  @Test func theFirstParameterThatIsNotFiniteIsNamed() throws {
    let trainer = try TrainingFixtures.trainer()
    let (model, parameters) = (trainer.model, trainer.model.parameters)
    #expect(Divergence.Finding.behindLoss(of: model) == .loss)
    parameters[2].gradient[0] = .nan
    parameters[1].gradient[0] = .infinity
    #expect(Divergence.Finding.behindLoss(of: model) == .gradient(parameters[1].name))
    #expect(Divergence.Finding.weights(of: model) == nil)
    model.state[0].value[0] = .nan
    #expect(Divergence.Finding.behindLoss(of: model) == .weights(model.state[0].name))
  }

  @Test func itGoesBackAndHalvesTheRate() throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(restoring(), in: folder)
      let killer = Killer()
      #expect(try session.train(killer) == .finished)
      #expect(killer.divergences.map(\.restores) == [0, 1])
      let history = session.trainer.history
      #expect(history.map(\.epoch) == Array(1...16))
      #expect(history.first?.learningRate == 0.01 && history.last?.learningRate == 0.0025)
      #expect(history.allSatisfy { $0.trainLoss.isFinite })
      let steps = try [StepRecord](csvFile: session.run.steps)
      #expect(steps.map(\.step) == Array(1...160))
    }
  }

  @Test(arguments: [1, 3, 5, 8, 12])
  func oneThatIsKilledMeanwhileComesToTheSameWeights(epoch: Int) throws {
    try withTemporaryDirectory { folder in
      for place in ["whole", "part"] { try makeDirectories("\(folder)/\(place)") }
      let whole = try TrainingFixtures.session(restoring(), in: folder + "/whole")
      _ = try whole.train(Killer())
      let path = folder + "/part/run"
      #expect(throws: Killer.Killed.self) {
        let part = try TrainingFixtures.session(restoring(), in: folder + "/part")
        _ = try part.train(Killer(afterEpoch: epoch))
      }
      let rest = try TrainingFixtures.resumed(restoring(), run: path)
      #expect(try rest.train(Killer()) == .finished)
      for file in ["last.safetensors", "best.safetensors", "steps.csv"] {
        #expect(try readFile("\(path)/\(file)") == readFile("\(whole.run.path)/\(file)"))
      }
    }
  }

  @Test func afterThreeTimesItEnds() throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(
        restoring(["optimizer": "sgd", "lr": "1e30", "l2": "1e30"]), in: folder)
      let killer = Killer()
      let found = try #require(divergence { try session.train(killer) })
      #expect(found.restores == 3 && found.rate == 1.25e29)
      #expect(killer.divergences.map(\.restores) == [0, 1, 2])
      #expect(found.description.hasPrefix("training diverged after its rate was halved 3 times"))
    }
  }
}
