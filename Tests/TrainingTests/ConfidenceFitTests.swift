import Configuration
import Datasets
import Interchange
import Metrics
import NN
import Support
import Tensor
import TestSupport
import Testing
import TrainingFixtures

@testable import Training

@Suite struct ConfidenceFitTests {
  private func trained(
    _ options: [String: String], in folder: TemporaryFolder
  ) throws -> TrainingSession {
    let session = try TrainingFixtures.session(
      ["epochs": "2", "val_split": "0.4"].merging(options) { $1 }, in: folder.path)
    let nobody = Unobserved()
    _ = try withExtendedLifetime(nobody) { try session.train(nobody) }
    return session
  }

  @Test func bestCheckpointSaysHowFarItIsToBeBelieved() throws {
    try withTemporaryFolder { folder in
      let session = try trained([:], in: folder)
      let (checkpoint, model) = try Checkpoint.read(session.run.best, on: Device(threads: 1))
      let confidence = try #require(checkpoint.confidence)
      let validation = try #require(session.validation)
      let evaluation = Evaluator(model, of: checkpoint).evaluate(validation)
      // 64 images: two and a half hundredths of them are one.
      #expect(evaluation.predictions.count { !confidence.accepts($0.score ?? .nan) } <= 1)
      #expect(evaluation.predictions.allSatisfy { $0.tempered != nil })
      #expect(
        evaluation.json(run: nil, checkpoint: "", dataset: "", seconds: 1)["confidence"] != nil)
      let last = try Checkpoint.read(session.run.last, on: Device(threads: 1)).0
      #expect(last.confidence == nil)
    }
  }

  @Test func weightsStayAndAnotherTrainingFindsTheSame() throws {
    try withTemporaryFolder { folder in
      let run = try trained([:], in: folder).run
      let first = try SafetensorsFile.read(path: run.best)
      try withTemporaryFolder { other in
        let again = try SafetensorsFile.read(path: trained([:], in: other).run.best)
        #expect(again.encoded() == first.encoded())
      }
    }
  }

  @Test func whatAnEndLeftOutIsMadeUpFor() throws {
    try withTemporaryFolder { folder in
      // The session's lock on the directory ends with it.
      let run = RunDirectory(path: try trained([:], in: folder).run.path)
      let whole = try readFile(run.best)
      var file = try SafetensorsFile.read(path: run.best)
      let keys = [Confidence.temperatureKey, Confidence.thresholdKey, Confidence.scoreKey]
      file.metadata.removeAll { keys.contains($0.key) }
      try file.checksummed.write(to: run.best)
      let session = try TrainingFixtures.resumed(
        ["epochs": "2", "val_split": "0.4", "out": folder.path + "/run"], run: run.path)
      let nobody = Unobserved()
      _ = try withExtendedLifetime(nobody) { try session.train(nobody) }
      #expect(try readFile(run.best) == whole)
    }
  }

  @Test func withoutValidationThereIsNone() throws {
    try withTemporaryFolder { folder in
      let run = try trained(["val_split": "0"], in: folder).run
      #expect(try Checkpoint.read(run.best, on: Device(threads: 1)).0.confidence == nil)
    }
  }

  @Test func aTrialOfManyDoesWithout() throws {
    try withTemporaryFolder { folder in
      let session = try TrainingFixtures.session(
        ["epochs": "2", "val_split": "0.4"], in: folder.path)
      session.fitsConfidence = false
      let nobody = Unobserved()
      _ = try withExtendedLifetime(nobody) { try session.train(nobody) }
      #expect(try Checkpoint.read(session.run.best, on: Device(threads: 1)).0.confidence == nil)
    }
  }

  @Test func damagedConfidenceIsNamed() throws {
    try withTemporaryFolder { folder in
      let run = try trained([:], in: folder).run
      var file = try SafetensorsFile.read(path: run.best)
      file.metadata.removeAll { $0.key == Confidence.scoreKey }
      file.metadata.append((Confidence.scoreKey, "{}"))
      try file.checksummed.write(to: run.best)
      #expect(
        message { try Checkpoint.read(run.best, on: Device(threads: 1)) }
          == "\(run.best): metadata 'emnist.score' is not what was fitted on the validation part; "
          + "the file is damaged or was edited")
    }
  }
}

private final class Unobserved: TrainingObserver {
  func trainer(_ trainer: Trainer, didStep progress: StepProgress) {}
  func trainer(_ trainer: Trainer, didFinish record: EpochRecord, isBest: Bool) throws {}
}
