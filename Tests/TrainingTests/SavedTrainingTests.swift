import NN
import Datasets
import Interchange
import NN
import Support
import Tensor
import Testing
import TestSupport
import TrainingFixtures

@testable import Configuration
@testable import Training

@Suite struct SavedTrainingTests {
  /// Calls `body` with the directory of a training of two epochs.
  private func withRun(
    _ options: [String: String] = [:], _ body: (RunDirectory) throws -> Void
  ) throws {
    try withTemporaryDirectory { folder in
      _ = try TrainingFixtures.session(
        ["epochs": "2", "log_steps": "true"].merging(options) { $1 }, in: folder
      ).train(Witness())
      try body(RunDirectory(path: folder + "/run"))
    }
  }

  /// What is wrong with going on in `run`, which is `R` in it, and its exit code.
  private func problem(
    _ run: RunDirectory, _ options: [String: String] = [:],
    on dataset: Dataset = TrainingFixtures.digits
  ) -> String {
    let text = message {
      do {
        _ = try TrainingFixtures.resumed(
          ["epochs": "4", "log_steps": "true"].merging(options) { $1 }, on: dataset, run: run.path)
      } catch let error as any UserError {
        throw Coded(text: "\(error.exitCode.rawValue) \(error)")
      }
    }
    return text.replacing(run.path, with: "R")
  }

  private struct Coded: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
  }

  private func digits(_ change: (inout [UInt8], inout [UInt16]) -> Void) throws -> Dataset {
    let train = try #require(TrainingFixtures.digits.train)
    var (pixels, labels) = (train.pixels, train.labels)
    change(&pixels, &labels)
    return Dataset(
      name: "others", classes: .digits,
      train: ImageSet(height: 28, width: 28, pixels: pixels, labels: labels), test: nil)
  }

  @Test func anotherAlgorithmIsRefused() throws {
    try withRun { run in
      #expect(
        problem(run, ["convolution": "direct"])
          == "65 R/config.json: 'convolution' is \"direct\", but the checkpoint beside it was trained "
          + "with \"winograd\"")
    }
  }

  @Test func aRunThatNamesNoAlgorithmGoesOnDirectly() throws {
    let of = {
      try LayeredConfiguration(recordedAs: $0, path: "config.json").configuration.convolution
    }
    #expect(try of(["schema": 1]) == .direct)
    #expect(try of(["schema": 1, "convolution": "winograd"]) == .winograd)
  }

  @Test func otherDataIsRefused() throws {
    try withRun { run in
      #expect(problem(run) == "no error, but ()")
      #expect(
        problem(run, ["limit": "100"])
          == "65 R: was trained on 160 images, but 'glyphs' gives 100 here")
      let differ =
        "65 R: was trained on other images or labels than 'others' has here"
      #expect(try problem(run, on: digits { pixels, _ in pixels[300] ^= 1 }) == differ)
      #expect(try problem(run, on: digits { _, labels in labels.swapAt(0, 1) }) == differ)
      #expect(problem(run, ["val_split": "0.2"]).hasPrefix("65 R: was trained on other images"))
      let train = try #require(TrainingFixtures.digits.train)
      let letters = Dataset(name: "abc", classes: .letters, train: train, test: nil)
      #expect(
        problem(run, on: letters)
          == "65 R: was trained on 10 classes, but 'abc' has 26")
    }
  }

  /// Checkpoints of before there were digests know labels by a sum, of a byte for each or, for a
  /// while, of half the bytes of two for each.
  @Test func checkpointsOfBeforeThereWereDigestsGoOn() throws {
    try withRun { run in
      let file = try SafetensorsFile.read(path: run.last)
      let images = try #require(TrainingFixtures.digits.train)
      let parts = try TrainingParts(
        of: TrainingFixtures.digits, TrainingFixtures.configuration([:]).configuration)
      let labels = [parts.training, parts.validation].compactMap { $0 }.flatMap { part in
        part.indices.map { images.labels[Int($0)] }
      }
      let words = labels.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
      for bytes in [labels.map { UInt8($0) }, Array(words.prefix(labels.count)), words] {
        let sum = try #require(Int(CRC32.digits(bytes), radix: 16))
        var old = file
        old.metadata.removeAll { ["emnist.parts", "emnist.crc32"].contains($0.key) }
        old.metadata.append(
          ("emnist.parts", #"{"training":144,"validation":16,"labels_crc32":\#(sum)}"#))
        try old.write(to: run.last)
        #expect(
          problem(run)
            == (bytes == words
              ? "65 R: was trained on other images or labels than 'glyphs' has here"
              : "no error, but ()"))
      }
    }
  }

  @Test func anotherNetworkIsRefused() throws {
    try withRun { run in
      #expect(
        problem(run, ["hidden": "17"])
          == "65 R/last.safetensors: has other layers than R/config.json asks for")
      #expect(
        problem(run, ["optimizer": "sgd"])
          == "65 R/config.json: 'optimizer' is \"sgd\", but the checkpoint beside it was trained with "
          + "null")
    }
  }

  @Test func filesThatDoNotBelongTogetherAreNamed() throws {
    try withRun { run in
      let (history, steps) = (try text(of: run.history), try text(of: run.steps))
      let row = try #require(history.split(separator: "\n").last)
      try AtomicFile.write(text: String(history.dropLast(row.count + 1)), to: run.history)
      #expect(
        problem(run)
          == "65 R/history.csv: has 1 of the 2 rows that the checkpoint beside it was written "
          + "after")
      // A row more is that of an epoch whose checkpoint did not come.
      try AtomicFile.write(text: history + row.replacing("2,", with: "3,"), to: run.history)
      #expect(problem(run) == "no error, but ()")
      try AtomicFile.write(text: "step,lr,loss,accuracy\n1,2,x\n", to: run.steps)
      #expect(
        problem(run)
          == "65 R/steps.csv: line 2 is not 4 numbers; the file is damaged or was edited")
      try AtomicFile.write(text: steps + "11,0.1,1,1\n12,0.1,1,1\n", to: run.steps)
      #expect(try SavedTraining(reading: run).steps.count == 10)
    }
  }

  @Test(arguments: [
    ("emnist.progress", "{}"), ("emnist.progress", "3"), ("emnist.parts", "[]"),
    (
      "emnist.progress",
      #"{"epochs":1,"step":5,"batches":5,"best_epoch":2,"best_score":0.5}"#
    ),
    (
      "emnist.progress",
      #"{"epochs":2,"step":9223372036854775807,"batches":5,"best_epoch":2,"best_score":0.5}"#
    ),
    (
      "emnist.progress",
      #"{"epochs":2,"step":-5,"batches":5,"best_epoch":2,"best_score":0.5}"#
    ),
  ])
  func badStateIsNamed(key: String, value: String) throws {
    try withRun { run in
      var file = try SafetensorsFile.read(path: run.last)
      file.metadata.removeAll { [key, SafetensorsFile.checksumKey].contains($0.key) }
      file.metadata.append((key, value))
      try file.write(to: run.last)
      #expect(
        problem(run)
          == "65 R/last.safetensors: metadata '\(key)' is not what a training writes; "
          + "the file is damaged or was edited")
      let usable = try SavedTraining.ifUsable(in: run)
      #expect(usable == nil)
    }
  }

  @Test func whatIsLeftDependsOnTheConfiguration() throws {
    try withRun(["max_steps": "7", "max_time": "90"]) { run in
      let saved = try SavedTraining(reading: run)
      #expect(saved.progress.epochs == 1 && saved.end.epochs == 2)
      #expect(saved.progress.part?.result.rows == 64)
      func ending(_ options: [String: String]) throws -> String? {
        saved.ending(under: try TrainingFixtures.configuration(options).configuration)
      }
      #expect(try ending(["epochs": "2"]) == nil)
      #expect(try ending(["epochs": "1"]) == "its epoch is trained")
      #expect(try ending(["max_steps": "7"]) == "all 7 steps are trained")
      #expect(try ending(["max_time": "1e-6"]) == "its 1e-06s are over")
    }
  }

  @Test func aTrainingWithNothingLeftIsTakenAsItEnded() throws {
    let stop = ["max_steps": "7"]
    try withRun(stop) { run in
      let (best, history) = (try readFile(run.best), try [EpochRecord](csvFile: run.history))
      let session = try TrainingFixtures.resumed(
        stop.merging(["epochs": "2", "log_steps": "true"]) { $1 }, run: run.path)
      #expect(try session.train(Witness()) == .steps)
      #expect(session.trainer.history == history && session.trainer.step == 7)
      #expect(try readFile(run.best) == best)
    }
  }

  @Test func aDirectoryIsForOneAtATime() throws {
    try withRun { run in
      let saved = try SavedTraining(reading: run)
      #expect(throws: RunError.inUse(path: run.path)) { try SavedTraining(reading: run) }
      #expect(throws: RunError.inUse(path: run.path)) { try SavedTraining.ifUsable(in: run) }
      #expect(RunError.inUse(path: "R").exitCode == .temporaryFailure)
      withExtendedLifetime(saved) {}
    }
    try withTemporaryDirectory { folder in
      let usable = try SavedTraining.ifUsable(in: RunDirectory(path: folder))
      #expect(usable == nil)
    }
  }

  @Test func progressReadsBackAsItself() throws {
    var progress = TrainingProgress()
    (progress.epochs, progress.step, progress.batches, progress.bestEpoch) = (3, 14, 15, 2)
    for score in [0.1 + 0.2, -.infinity, .infinity] {
      progress.bestScore = EpochScore(value: score, tieBreak: -score)
      progress.improvedEpoch = score == 0.1 + 0.2 ? 2 : 1
      let json = JSONValue.object(progress.json).text()
      #expect(try TrainingProgress(JSONValue(parsing: Array(json.utf8), path: "json")) == progress)
      progress.plateau = .init(rate: 1e-5 / 3, best: score, badEpochs: 2)
      progress.part = EpochPart(
        result: .init(sum: 0.1 * 3, weight: 5, hits: 2, rows: 5), seconds: 1.5, elapsed: 2)
    }
  }

  @Test func aRunsConfigurationRemembersWhoGaveWhat() throws {
    try withRun { run in
      let recorded = try LayeredConfiguration(recordedIn: run.config)
      #expect(recorded.sources["epochs"] == .flag)
      #expect(recorded.sources["val_split"] == .default)
      var given = LayeredConfiguration()
      try given.layEnvironment(["EMNIST_THREADS": "3", "EMNIST_LR": "7"])
      try given.layFlag(.known("epochs"), "9")
      try given.layFlag(.known("hidden"), "16")
      let resumed = try recorded.resumed(with: given)
      #expect(resumed.configuration.epochs == 9 && resumed.configuration.threads == 3)
      #expect(resumed.configuration.settings[.learningRate] == 0.01)
      try given.layFlag(.known("seed"), "1")
      #expect(
        message { _ = try recorded.resumed(with: given) }
          == "'seed' cannot change from 0 to 1 in a run that goes on; leave it out, "
          + "or begin a new run")
    }
  }

  @Test(arguments: [
    (["scheduler": "cosine"], true), (["scheduler": "step"], true), (["scheduler": "step"], true),
    (["scheduler": "step", "lr_period": "1"], false), (["scheduler": "constant"], false),
    (["scheduler": "constant", "warmup_epochs": "1"], false),
    (["scheduler": "plateau"], false),
    (["augment": "light", "augment_until": "0.5"], true), (["augment": "light"], false),
  ])
  func aScheduleMayDependOnTheNumberOfEpochs(_ options: [String: String], depends: Bool) throws {
    func configuration(_ epochs: String) throws -> TrainingConfiguration {
      try TrainingFixtures.configuration(options.merging(["epochs": epochs]) { $1 }).configuration
    }
    #expect(try configuration("8").stepsDiffer(from: configuration("4")) == depends)
    #expect(try !configuration("4").stepsDiffer(from: configuration("4")))
  }
}
