import Datasets
import NN
import Support
import Tensor
import Testing
import TestSupport
import TrainingFixtures

@testable import Configuration
@testable import Metrics
@testable import Training

@Suite struct CrossValidationTests {
  private func validation(
    _ options: [String: String] = [:], in folder: String
  ) throws -> TrainingSeries {
    let given = ["folds": "3", "epochs": "2", "out": folder + "/cv"].merging(options) { $1 }
    let configuration = try TrainingFixtures.configuration(given)
    return try TrainingSeries(
      configuration, dataset: TrainingFixtures.digits,
      description: modelDescription(for: configuration.configuration), device: Device(threads: 1))
  }

  /// Trains every fold.
  private func run(_ validation: TrainingSeries) throws -> SeriesOutcome {
    for number in 1...validation.parts.count {
      let session = try validation.session(number)
      #expect(try session.test() == nil)
      let stopped = try session.train(Witness())
      try validation.finish(session, stopped: stopped)
    }
    return try #require(validation.outcome)
  }

  @Test func everyFoldIsARunAndTheSummaryIsTheirs() throws {
    try withTemporaryDirectory { folder in
      let validation = try validation(in: folder)
      #expect(validation.outcome == nil)
      let outcome = try run(validation)
      #expect(outcome.records.map(\.number) == [1, 2, 3])
      #expect(outcome.records.map(\.validationImages).reduce(0, +) == 160)
      #expect(outcome.records.allSatisfy { $0.trainingImages + $0.validationImages == 160 })
      #expect(
        try files(in: folder + "/cv")
          == ["fold-1", "fold-2", "fold-3", "folds.csv", "folds.json", "manifest.json"])
      for fold in outcome.records {
        #expect(fold.run == "\(folder)/cv/fold-\(fold.number)")
        #expect(
          try files(in: fold.run)
            == [
              "best.safetensors", "config.json", "events.out.tfevents.emnist", "history.csv",
              "last.safetensors", "manifest.json",
            ])
      }
      let scores = outcome.records.compactMap(\.best.validationAccuracy)
      #expect(scores.count == 3 && outcome.accuracy == MeanEstimate(scores))
      #expect(
        try text(of: validation.directory.summary(of: .folds))
          == JSONValue.object(outcome.json).text(pretty: true))
      #expect(
        try text(of: validation.directory.summaryTable(of: .folds)).split(separator: "\n").count
          == 4)
    }
  }

  @Test func theSummaryHasTheseKeys() throws {
    try withTemporaryDirectory { folder in
      let json = try run(validation(["folds": "2", "fast_dev_run": "true"], in: folder)).json
      #expect(
        json.keys == [
          "schema", "run", "model", "dataset", "fold_count", "folds", "mean",
          "standard_deviation", "interval95",
        ])
      let fold = try #require(json["folds"]?.array?.first?.object)
      #expect(
        fold.keys == [
          "fold", "run", "training_images", "validation_images", "epochs_run", "best_epoch",
          "stopped", "train_seconds", "train_loss", "train_accuracy", "val_loss", "val_accuracy",
          "last_val_loss", "last_val_accuracy",
        ])
      #expect(json["mean"]?["val_accuracy"]?.double != nil)
      #expect(json["interval95"]?["val_loss"]?.array?.count == 2)
    }
  }

  @Test func oneFoldAloneHasNoSpread() throws {
    try withTemporaryDirectory { folder in
      let validation = try validation(in: folder)
      let session = try validation.session(1)
      try validation.finish(session, stopped: try session.train(Witness()))
      let json = try #require(validation.outcome).json
      #expect(json["fold_count"] == 3)
      #expect(json["standard_deviation"]?["val_loss"] == .null)
      #expect(json["interval95"]?["val_loss"] == .null)
    }
  }

  @Test func theLimitIsForAllFoldsTogether() throws {
    try withTemporaryDirectory { folder in
      let parts = try validation(["limit": "60"], in: folder).parts
      #expect(parts.map { $0.validation?.count } == [20, 20, 20])
      #expect(parts.map(\.training.count) == [40, 40, 40])
    }
  }

  @Test func foldsBeginWithTheSameWeights() throws {
    try withTemporaryDirectory { folder in
      let validation = try validation(in: folder)
      func weights(_ number: Int) throws -> [[Float]] {
        try validation.session(number).model.parameters.map(\.value.values)
      }
      #expect(try weights(1) == weights(2))
    }
  }

  @Test func anEarlierCrossValidationIsNotOverwritten() throws {
    try withTemporaryDirectory { folder in
      _ = try run(validation(["fast_dev_run": "true"], in: folder))
      #expect(throws: RunError.exists(path: folder + "/cv")) { _ = try validation(in: folder) }
      let again = try validation(["force": "true"], in: folder)
      #expect(try files(in: folder + "/cv") == ["manifest.json"])
      _ = try run(again)
    }
  }

  @Test func forceRemovesOldFoldsAndNothingElse() throws {
    try withTemporaryDirectory { folder in
      _ = try run(validation(["fast_dev_run": "true"], in: folder))
      let cv = folder + "/cv"
      try AtomicFile.write(text: "mine", to: cv + "/fold-2/notes.txt")
      try makeDirectories(cv + "/fold-9")
      _ = try run(validation(["folds": "2", "fast_dev_run": "true", "force": "true"], in: folder))
      #expect(
        try files(in: cv) == [
          "fold-1", "fold-2", "fold-9", "folds.csv", "folds.json", "manifest.json",
        ])
      #expect(try files(in: cv + "/fold-2").contains("notes.txt"))
    }
  }

  @Test(arguments: [
    (
      1,
      "interrupted in fold 1 of 5, which ended early; none is finished"
    ),
    (
      2,
      "interrupted in fold 2 of 5, which ended early; the first is finished; its result is in "
        + "r/folds.json"
    ),
    (
      4,
      "interrupted in fold 4 of 5, which ended early; the 3 before it are finished; their results "
        + "are in r/folds.json"
    ),
  ])
  func anInterruptionSaysWhatIsLeft(_ fold: Int, expected: String) {
    let error = SeriesInterrupted(signal: 2, kind: .folds, number: fold, of: 5, run: "r")
    #expect(error.description == expected)
    #expect(error.exitCode == .interrupted)
    #expect(
      SeriesInterrupted(signal: 15, kind: .folds, number: fold, of: 5, run: "r").exitCode
        == .terminated)
  }
}
