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

@Suite struct RepeatedTrainingTests {
  private func series(
    _ options: [String: String] = [:], in folder: String,
    on dataset: Dataset = TrainingFixtures.digits
  ) throws -> TrainingSeries {
    let given = ["repeats": "3", "epochs": "2", "seed": "5", "out": folder + "/all"]
    let configuration = try TrainingFixtures.configuration(given.merging(options) { $1 })
    return try TrainingSeries(
      configuration, dataset: dataset,
      description: modelDescription(for: configuration.configuration), device: Device(threads: 1))
  }

  /// Trains and tests all.
  private func run(_ series: TrainingSeries) throws -> SeriesOutcome {
    for number in 1...series.parts.count {
      let session = try series.session(number)
      let stopped = try session.train(Witness())
      _ = try session.test()
      try series.finish(session, stopped: stopped)
    }
    return try #require(series.outcome)
  }

  @Test func everyRepeatIsAWholeRunAndTheSummaryIsTheirs() throws {
    try withTemporaryDirectory { folder in
      let series = try series(in: folder)
      let outcome = try run(series)
      #expect(outcome.records.map(\.seed) == [5, 6, 7])
      #expect(
        try files(in: folder + "/all") == [
          "manifest.json", "repeat-1", "repeat-2", "repeat-3", "repeats.csv", "repeats.json",
        ])
      for record in outcome.records {
        #expect(
          try files(in: record.run) == [
            "best.safetensors", "config.json", "confusion.csv", "evaluation.json",
            "events.out.tfevents.emnist", "history.csv", "last.safetensors", "manifest.json",
            "predictions.csv",
          ])
      }
      let scores = outcome.records.compactMap(\.test?.accuracy)
      #expect(scores.count == 3 && outcome.testAccuracy == MeanEstimate(scores))
      #expect(Set(outcome.records.map(\.best.trainLoss)).count == 3)
      let table = try text(of: series.directory.summaryTable(of: .repeats)).split(separator: "\n")
      #expect(table.count == 4 && table[1].hasPrefix("1,5,2,"))
      #expect(
        try text(of: series.directory.summary(of: .repeats))
          == JSONValue.object(outcome.json).text(pretty: true))
    }
  }

  @Test func theSummaryHasTheseKeys() throws {
    try withTemporaryDirectory { folder in
      let json = try run(series(["fast_dev_run": "true"], in: folder)).json
      #expect(
        json.keys == [
          "schema", "run", "model", "dataset", "repeat_count", "repeats", "mean",
          "standard_deviation", "interval95",
        ])
      let repeats = try #require(json["repeats"]?.array)
      #expect(
        repeats[0].object?.keys == [
          "repeat", "run", "seed", "training_images", "validation_images", "epochs_run",
          "best_epoch", "stopped", "train_seconds", "train_loss", "train_accuracy", "val_loss",
          "val_accuracy", "last_val_loss", "last_val_accuracy", "test_loss", "test_accuracy",
        ])
      #expect(
        json["mean"]?.object?.keys == ["val_loss", "val_accuracy", "test_loss", "test_accuracy"])
      let interval = try #require(json["interval95"]?["test_accuracy"]?.array)
        .compactMap(\.double)
      #expect(interval[0] >= 0 && interval[1] <= 1)
    }
  }

  @Test func aRepeatIsTheRunOfItsSeedOnTheSameImages() throws {
    try withTemporaryDirectory { folder in
      let options = ["limit": "90", "limit_test": "20"]
      let outcome = try run(series(options, in: folder))
      let alone = try TrainingFixtures.session(
        ["epochs": "2", "seed": "6", "split_seed": "5"].merging(options) { $1 }, in: folder)
      _ = try alone.train(Witness())
      _ = try alone.test()
      let second = RunDirectory(path: outcome.records[1].run)
      #expect(try readFile(second.predictions) == readFile(alone.run.predictions))
      #expect(
        try SafetensorsBytes(second.best) == SafetensorsBytes(alone.run.best))
      let parts = try outcome.records.map {
        try TrainingParts(of: RunDirectory(path: $0.run), dataset: TrainingFixtures.digits)
      }
      #expect(parts.allSatisfy { $0.training == parts[0].training })
      #expect(parts.allSatisfy { $0.validation == parts[0].validation })
    }
  }

  @Test func withoutATestPartThereIsNoTestResult() throws {
    try withTemporaryDirectory { folder in
      let json = try run(series(in: folder, on: TrainingFixtures.senseless)).json
      #expect(json["mean"]?["test_accuracy"] == .null)
      #expect(json["mean"]?["val_accuracy"]?.double != nil)
    }
  }

  @Test func aRepeatKnowsWhatItBelongsTo() throws {
    try withTemporaryDirectory { folder in
      let outcome = try run(series(["fast_dev_run": "true", "repeats": "1"], in: folder))
      #expect(RunDirectory(path: outcome.records[0].run).membership == .repeats)
      #expect(RunDirectory(path: folder + "/all").membership == nil)
      #expect(RunDirectory(path: folder + "/all").seriesKind == .repeats)
      #expect(throws: RunError.holdsSeveral(path: folder + "/all", .repeats)) {
        _ = try RunDirectory.find(folder + "/all")
      }
    }
  }

  @Test(arguments: [(1, false), (3, true)])
  func anInterruptionSaysWhatIsLeft(_ number: Int, isTrained: Bool) {
    let error = SeriesInterrupted(
      signal: 15, kind: .repeats, number: number, of: 5, isTrained: isTrained, run: "r")
    #expect(error.exitCode == .terminated)
    #expect(
      error.description
        == (isTrained
          ? "interrupted in the test of repeat 3 of 5, which ended early; the 2 before it are "
            + "finished; their results are in r/repeats.json"
          : "interrupted in repeat 1 of 5, which ended early; none is finished"))
  }
}

/// The tensors of a file, without the names of programs in its header.
private struct SafetensorsBytes: Equatable {
  let bytes: ArraySlice<UInt8>

  init(_ path: String) throws {
    let file = try readFile(path)
    let header = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    bytes = file.dropFirst(8 + header)
  }
}
