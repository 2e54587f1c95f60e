import Datasets
import Foundation
import Interchange
import Metrics
import NN
import Support
import Tensor
import Testing
import TestSupport
import TrainingFixtures

@testable import Configuration
@testable import Training

@Suite struct TrainingSessionTests {
  @Test func everyFileIsThereAndWhole() throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(["epochs": "2", "log_steps": "true"], in: folder)
      #expect(try files(in: session.run.path) == ["config.json"])
      #expect(try session.train(Witness()) == .finished)
      #expect(
        try files(in: session.run.path) == [
          "best.safetensors", "config.json", "events.out.tfevents.emnist", "history.csv",
          "last.safetensors", "manifest.json", "steps.csv",
        ])
      #expect(try text(of: session.run.history) == session.trainer.history.csvText)
      let steps = try text(of: session.run.steps).split(separator: "\n")
      // 144 training images in batches of 32.
      #expect(steps.count == 1 + 10)
      #expect(steps[0] == "step,lr,loss,accuracy" && steps[10].hasPrefix("10,0.01,"))

      var read = LayeredConfiguration()
      try read.layFile(session.run.config)
      #expect(read.configuration == session.configuration.configuration)
    }
  }

  @Test func theTestWritesItsResult() throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(["epochs": "1"], in: folder)
      _ = try session.train(Witness())
      let result = try #require(try session.test())
      #expect(result.evaluation.count == 40)
      let path = session.run.evaluation
      var json = try #require(JSONValue(parsing: readFile(path), path: path).object)
      #expect(try text(of: path) == JSONValue.object(json).text(pretty: true) && json.fitsChecksum)
      for key in ["crc32", "predictions_crc32"] { json[key] = nil }
      #expect(json == result.json())
      #expect(try text(of: session.run.confusion) == result.evaluation.confusion.csvText)
      #expect(try text(of: session.run.predictions).split(separator: "\n").count == 41)
      #expect(try !files(in: session.run.path).contains("steps.csv"))
    }
  }

  @Test func theBestEpochsWeightsAreKeptAndNotTheLastOnes() throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(
        ["epochs": "40", "patience": "2", "val_split": "0.25"], on: TrainingFixtures.senseless,
        in: folder)
      let witness = Witness()
      #expect(try session.train(witness) == .early)
      let (best, last) = (session.trainer.bestEpoch, session.trainer.history.count)
      #expect(last == best + 2)
      for (path, epoch) in [(session.run.best, best), (session.run.last, last)] {
        let (checkpoint, model) = try Checkpoint.read(path, on: Device(threads: 1))
        #expect(checkpoint.epoch == epoch)
        #expect(model.parameters.map(\.value.values) == witness.weights[epoch - 1])
        let validation = try #require(session.validation)
        let evaluation = Evaluator(
          model, labels: checkpoint.labels, normalization: checkpoint.normalization
        ).evaluate(validation)
        #expect(evaluation.loss == session.trainer.history[epoch - 1].validationLoss)
      }
    }
  }

  @Test func onlyTheLastCheckpointRemembersTheOptimizer() throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(["epochs": "1"], in: folder)
      _ = try session.train(Witness())
      func names(_ path: String) throws -> [String] {
        try SafetensorsFile.read(path: path).tensors.map(\.name).filter {
          $0.hasPrefix("optimizer.")
        }
      }
      #expect(try names(session.run.best) == [])
      #expect(
        try names(session.run.last)
          == session.trainer.update.optimizer.state(of: session.model.parameters)
          .map { "optimizer.\($0.name)" }.sorted())
    }
  }

  @Test func firstWeightsComeFromAFile() throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(["epochs": "1"], in: folder)
      _ = try session.train(Witness())
      let next = try TrainingFixtures.session(
        ["init_from": session.run.last, "out": folder + "/next"], in: folder)
      #expect(
        next.model.parameters.map(\.value.values) == session.model.parameters.map(\.value.values))
      #expect(next.model.state.map(\.value.values) == session.model.state.map(\.value.values))
    }
  }

  @Test func weightsOfAnotherModelAreRefusedBeforeADirectoryIsMade() throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(["epochs": "1"], in: folder)
      _ = try session.train(Witness())
      let options = ["init_from": session.run.best, "hidden": "17", "out": folder + "/next"]
      #expect(
        message { _ = try TrainingFixtures.session(options, in: folder) }
          == "\(session.run.best): tensor 'fc1.weight' has shape [16, 784], "
          + "but model 'mlp' needs [17, 784]; the file belongs to another model")
      #expect(try files(in: folder) == ["run"])
    }
  }

  @Test func aTrainingThatDivergesLeavesItsSteps() throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(
        ["epochs": "3", "lr": "1e30", "log_steps": "true"], in: folder)
      #expect(throws: TrainingError.self) { try session.train(Witness()) }
      let steps = try text(of: session.run.steps).split(separator: "\n")
      #expect(steps.count == 1 + session.trainer.step)
      #expect(try files(in: session.run.path).allSatisfy { !$0.hasSuffix(".tmp") })
    }
  }

  @Test func aLimitIsForBothPartsTogether() throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(
        ["limit": "50", "val_split": "0.2"], in: folder)
      #expect(session.training.count == 40)
      #expect(session.validation?.count == 10)
      // The normalization is that of the images learned from.
      #expect(session.normalization == Normalization(of: session.training))
    }
  }

  @Test func withoutAValidationShareAllImagesAreForTraining() throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(["val_split": "0", "epochs": "1"], in: folder)
      #expect(session.training.count == 160 && session.validation == nil)
      _ = try session.train(Witness())
      let row = try #require(try text(of: session.run.history).split(separator: "\n").last)
      #expect(row.hasSuffix(",,"))
    }
  }

  @Test func theOutcomeSaysWhatTheSessionCameTo() throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(["epochs": "2"], in: folder)
      let stopped = try session.train(Witness())
      let outcome = TrainingOutcome(session, stopped: stopped, test: nil)
      let json = outcome.json
      #expect(
        json.keys == [
          "schema", "run", "epochs_run", "best_epoch", "stopped", "train_seconds",
          "images_per_second", "parameters", "history", "test",
        ])
      #expect(json["run"]?.string == session.run.path && json["epochs_run"] == 2)
      #expect(json["stopped"] == "finished" && json["test"] == .null)
      // 784 · 16 + 2 · 16 + 16 · 10 + 10.
      #expect(json["parameters"] == 12_746)
      #expect(json["history"]?.array?.count == 2)
      #expect(outcome.best == session.trainer.history[session.trainer.bestEpoch - 1])
    }
  }
}
