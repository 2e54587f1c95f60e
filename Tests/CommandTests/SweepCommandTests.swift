import Datasets
import Formats
import Foundation
import Support
import Testing

@testable import emnist
@testable import Studies
@testable import Training

/// A small sweep in a directory of its own, worked on by processes of the built program.
private struct SmallSweep {
  let folder: String
  var study: String { folder + "/study" }
  var file: String { folder + "/sweep.json" }

  /// Trials whose training takes a few tenths of a second.
  init(in folder: String, trials: Int = 10, epochs: Int = 4) throws {
    self.folder = folder
    let pixels = (0..<400 * 784).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
    let images = ImageSet(
      height: 28, width: 28, pixels: pixels, labels: (0..<400).map { UInt16($0 % 10) })
    try AtomicFile.write(images.imagesFile.encoded(), to: folder + "/images")
    try AtomicFile.write(images.labelsFile.encoded(), to: folder + "/labels")
    try AtomicFile.write(
      text: """
        {"method": "bayes", "metric": {"name": "val_loss"}, "run_cap": \(trials),
         "parameters": {"lr": {"distribution": "log_uniform_values", "min": 0.0001, "max": 0.1},
                        "dropout": {"min": 0.0, "max": 0.5}},
         "early_terminate": {"type": "asha", "eta": 2},
         "emnist": {"workers": 2, "base": {"model": "mlp", "hidden": [32], "epochs": \(epochs),
           "batch_size": 20, "train_images": "\(folder)/images",
           "train_labels": "\(folder)/labels"}}}
        """, to: file)
  }

  /// Starts the program in the folder.
  func start(_ words: [String] = [], study: String? = nil) throws -> Process {
    let process = Process()
    process.executableURL = ProgramResult.program
    process.arguments = ["sweep", file, "--out", study ?? self.study, "--quiet"] + words
    process.environment = ProcessInfo.processInfo.environment.filter {
      !$0.key.hasPrefix("EMNIST_")
    }
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Runs the program to its end.
  func finish(_ words: [String] = [], study: String? = nil) throws -> Int32 {
    let process = try start(words, study: study)
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Waits until a trial of the study has ended and another is running.
  func waitForATrial() -> Bool {
    let deadline = Date(timeIntervalSinceNow: 20)
    while Date() < deadline {
      let journal = (try? readFile(Study.journalPath(study))) ?? []
      let lines = String(decoding: journal, as: UTF8.self).split(separator: "\n")
      if lines.contains(where: { $0.contains(#""event":"end""#) }) { return true }
      usleep(2_000)
    }
    return false
  }

  /// What of the trials may not depend on who did them, and when.
  func table(study: String? = nil) throws -> [String] {
    let record = try StudyRecord(reading: study ?? self.study)
    return record.trials.map {
      "\($0.number) \($0.state) \($0.value ?? 0) \($0.reports) \($0.point)"
    }
  }
}

private func withFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

@Suite struct SweepCommandTests {
  @Test func theHelpSaysWhatTheFileHolds() throws {
    let help = try CommandPlace.root.descending(to: "sweep").help
    #expect(
      help.hasPrefix(
        """
        emnist sweep: search for the best network and its training options

        Usage: emnist sweep [CONFIG] [OPTION…]

        Examples:
          emnist sweep config.yaml               search; the same line goes on after an
                                                 interruption
          emnist sweep config.yaml --trials 200  a larger total of trials
          emnist sweep config.yaml --join        one more process, here or on another
                                                 machine
          emnist sweep --show runs/sweep-config  what a study has found

        """))
    let text = help.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for key in SweepSettings.keys { #expect(text.contains(" \(key)"), "\(key)") }
  }

  @Test func aStudySaysWhatItWasMadeFrom() throws {
    try withFolder { folder in
      let sweep = try SmallSweep(in: folder)
      #expect(try sweep.finish() == 0)
      let manifest = try Manifest(reading: sweep.study + "/manifest.json")
      #expect(manifest.kind == .study && manifest.sessions.count == 1)
      #expect(manifest.sessions[0]["ended"] == "finished")
      #expect(manifest.sessions[0]["arguments"]?.array?.contains("sweep") == true)
      #expect(manifest["sweep", "parameters"]?.object != nil)
      #expect(manifest["parts", "training", "sha256"]?.string?.count == 64)
      #expect(try sweep.finish() == 0)
      #expect(try Manifest(reading: sweep.study + "/manifest.json").sessions.count == 2)
    }
  }

  @Test func theSameCommandGoesOnAfterAKill() throws {
    try withFolder { folder in
      let sweep = try SmallSweep(in: folder)
      #expect(try sweep.finish(study: folder + "/whole") == 0)
      for _ in 0..<2 {
        let process = try sweep.start()
        #expect(sweep.waitForATrial())
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal, "it ended before it was killed")
      }
      #expect(try sweep.finish() == 0)
      #expect(try sweep.table() == sweep.table(study: folder + "/whole"))
      #expect(try sweep.table().count == 10)
    }
  }

  @Test func fourProcessesAndOneKilledMakeTheSameStudy() throws {
    try withFolder { folder in
      let sweep = try SmallSweep(in: folder)
      #expect(try sweep.finish(study: folder + "/whole") == 0)
      let processes = try (0..<4).map { _ in try sweep.start(["--join", "--workers", "1"]) }
      #expect(sweep.waitForATrial())
      kill(processes[1].processIdentifier, SIGKILL)
      for process in processes { process.waitUntilExit() }
      #expect([0, 2, 3].allSatisfy { processes[$0].terminationStatus == 0 })
      #expect(try sweep.table() == sweep.table(study: folder + "/whole"))
    }
  }

  @Test func aSecondProcessMustSayThatItJoins() throws {
    try withFolder { folder in
      let sweep = try SmallSweep(in: folder, epochs: 1_000)
      let first = try sweep.start()
      while access(StudyPlace(sweep.study).trials, F_OK) != 0, first.isRunning { usleep(2_000) }
      let second = try ProgramResult(["sweep", sweep.file, "--out", sweep.study])
      #expect(second.code == 75)
      #expect(
        second.errors.hasSuffix(
          "emnist: \(sweep.study): another sweep is at work here; wait for it, or add --join "
            + "to help it\n"))
      first.interrupt()
      first.waitUntilExit()
      #expect(first.terminationStatus == 130)
    }
  }

  @Test func aStudyIsShown() throws {
    try withFolder { folder in
      let sweep = try SmallSweep(in: folder, trials: 2, epochs: 1)
      let run = try ProgramResult(["sweep", sweep.file, "--out", sweep.study, "--json", "-q"])
      #expect(run.code == 0 && run.errors.isEmpty)
      let shown = try ProgramResult(["sweep", "--show", sweep.study, "--json"])
      #expect(shown.output == run.output)
      let json = try JSONValue(parsing: Array(shown.output.utf8), path: "").object
      #expect(
        json?.keys == [
          "schema", "study", "metric", "goal", "trials", "best", "importance",
          "importance_interval95", "fanova", "fanova_interval95", "test",
        ])
      #expect(try ProgramResult(["sweep", "--show", sweep.study]).output.contains("emnist train "))
      // A larger total goes on, another search does not.
      let more = try ProgramResult(
        ["sweep", sweep.file, "--out", sweep.study, "--trials", "3", "-q"])
      #expect(more.code == 0)
      #expect(try sweep.table().count == 3)
      let text = String(decoding: try readFile(sweep.file), as: UTF8.self)
      try AtomicFile.write(text: text.replacing("0.5", with: "0.4"), to: sweep.file)
      let other = try ProgramResult(["sweep", sweep.file, "--out", sweep.study, "-q"])
      #expect(other.code == 78)
      #expect(
        other.errors
          == "emnist: \(sweep.study)/journal.jsonl: belongs to another sweep: "
          + "'parameters.dropout.max' differs; change it back or choose another --out\n")
    }
  }

  @Test(arguments: [
    Failure(["sweep"], "'emnist sweep' needs CONFIG; see 'emnist sweep --help'"),
    Failure(
      ["sweep", "/nowhere.json"], code: 66, "/nowhere.json: no such file; check the name"),
    Failure(["sweep", "--show", "/nowhere"], code: 66, "/nowhere: no such file; check the name"),
    Failure(
      ["sweep", "--show", "/tmp"], code: 66,
      "/tmp: has no sweep.json and journal.jsonl, so it is not a study; name the directory that "
        + "'emnist sweep' wrote"),
    Failure(
      ["sweep", "a.json", "--trials", "0"], "--trials must be at least 1, got 0"),
    Failure(
      ["sweep", "a.json", "--workers", "1000000"], "--workers must be at most 256, got 1000000"),
  ])
  func mistakesAreNamed(failure: Failure) throws {
    let result = try ProgramResult(failure.words)
    #expect(result.errors == "emnist: \(failure.message)\n")
    #expect(result.code == failure.code)
    #expect(result.output.isEmpty)
  }
}
