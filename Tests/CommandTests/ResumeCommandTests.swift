import Foundation
import Support
import Testing

@testable import emnist

@Suite struct ResumeCommandTests {
  /// Calls `body` with the path of a new directory, which is gone afterwards.
  private func withFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
  }

  /// The rows of a history without the columns of the clock.
  private func history(_ run: String) throws -> [[Substring]] {
    String(decoding: try readFile(run + "/history.csv"), as: UTF8.self).split(separator: "\n")
      .map {
        let columns = $0.split(separator: ",", omittingEmptySubsequences: false)
        return Array(columns[...0] + columns[3...])
      }
  }

  @Test(arguments: [SIGKILL, SIGINT])
  func aTrainingThatWasKilledComesToTheSameEnd(signal: Int32) throws {
    try withFolder { folder in
      let training = try EndlessTraining(
        in: folder, ["--scheduler", "constant", "--batch-size", "8", "--log-steps"])
      #expect(training.waitForAnEpoch())
      let code = training.end(with: signal).code
      #expect(code == (signal == SIGINT ? 130 : SIGKILL))
      let epochs = "\(try history(training.run).count + 2)"
      let resumed = try ProgramResult(
        ["train", "--resume", training.run, "--epochs", epochs, "--threads", "2"])
      #expect(resumed.code == 0, "\(resumed.errors)")
      #expect(resumed.errors.contains("run    \(training.run), from "))
      let whole = folder + "/whole"
      #expect(try ProgramResult(training.words + ["--epochs", epochs, "--out", whole]).code == 0)
      for name in ["best.safetensors", "last.safetensors", "steps.csv"] {
        #expect(try readFile("\(training.run)/\(name)") == readFile("\(whole)/\(name)"), "\(name)")
      }
      #expect(try history(training.run) == history(whole))
    }
  }

  @Test func aRunInWhichAnotherProcessTrainsIsLeftAlone() throws {
    try withFolder { folder in
      let training = try EndlessTraining(in: folder)
      #expect(training.waitForAnEpoch())
      for words in [["--resume", training.run], ["--out", training.run, "--force"]] {
        let other = try ProgramResult(["train"] + words)
        #expect(
          other.errors.hasSuffix(
            "emnist: \(training.run): another process is training in it; wait for its end, "
              + "or choose another --out\n"))
        #expect(other.code == 75)
      }
      #expect(training.end(with: SIGINT).code == 130)
    }
  }

  @Test func aCrossValidationGoesOnWithTheFoldsThatAreMissing() throws {
    try withFolder { folder in
      let training = try EndlessTraining(
        in: folder, ["--folds", "2", "--scheduler", "constant"])
      #expect(training.waitForAnEpoch())
      #expect(training.end(with: SIGKILL).code == SIGKILL)
      let fold = try ProgramResult(["train", "--resume", training.run + "/fold-1"])
      #expect(
        fold.errors
          == "emnist: \(training.run)/fold-1: is one fold of a cross-validation; "
          + "resume them all, by the directory above it\n")
      #expect(fold.code == 64)
      let epochs = "\(try history(training.run + "/fold-1").count + 1)"
      let resume = ["train", "--resume", training.run, "--epochs", epochs]
      let resumed = try ProgramResult(resume)
      #expect(resumed.code == 0, "\(resumed.errors)")
      let whole = folder + "/whole"
      #expect(try ProgramResult(training.words + ["--epochs", epochs, "--out", whole]).code == 0)
      for number in 1...2 {
        let name = "fold-\(number)/last.safetensors"
        #expect(try readFile("\(training.run)/\(name)") == readFile("\(whole)/\(name)"))
      }
      #expect(try readFile(training.run + "/folds.csv") == readFile(whole + "/folds.csv"))
      unlink(training.run + "/folds.json")
      let summary = try ProgramResult(resume)
      #expect(
        summary.errors.hasSuffix(
          "fold 1 of 2: trained already, \(training.run)/fold-1\n"
            + "fold 2 of 2: trained already, \(training.run)/fold-2\n"))
      #expect(summary.code == 0 && summary.output == resumed.output)
      let again = try ProgramResult(resume)
      #expect(again.code == 0 && again.output == resumed.output)
    }
  }

  private static let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Data").path
  private static let small = [
    "train", "--model", "mlp", "--hidden", "8", "--limit", "200", "--epochs", "2", "--data", data,
  ]

  @Test func whateverIsMissingOfARunIsMadeUpFor() throws {
    try withFolder { folder in
      let (run, whole) = (folder + "/run", folder + "/whole")
      let start = Self.small + ["--out", run, "--resume-or-start"]
      #expect(try ProgramResult(Self.small + ["--out", whole]).code == 0)
      #expect(try ProgramResult(start).code == 0)
      func expectWhole(_ words: [String], _ errors: String, line: Int = #line) throws {
        let result = try ProgramResult(words)
        #expect(result.code == 0 && result.errors.contains(errors), "\(line): \(result.errors)")
        for name in ["best.safetensors", "last.safetensors", "predictions.csv", "confusion.csv"] {
          #expect(try readFile("\(run)/\(name)") == readFile("\(whole)/\(name)"), "\(line)")
        }
      }
      let resume = ["train", "--resume", run]
      let done = "\(run): all 2 epochs are trained and the test is done; larger limits"
      try expectWhole(resume, done)
      try expectWhole(start, done)
      let again = try ProgramResult(resume + ["--json"])
      #expect(again.output.hasPrefix("{\"schema\":1,\"run\":\"\(run)\",\"epochs_run\":2,"))
      #expect(again.output.contains("\"test\":{\"schema\":1,"))
      for file in ["predictions.csv", "evaluation.json"] { unlink("\(run)/\(file)") }
      try expectWhole(resume, "run    \(run), trained already; now the test\n")
      unlink(run + "/last.safetensors")
      try expectWhole(resume, "run    \(run)\n")
      for file in ["last.safetensors", "best.safetensors", "history.csv", "evaluation.json"] {
        unlink("\(run)/\(file)")
      }
      try expectWhole(start, "run    \(run)\n")
    }
  }

  @Test func aCrossValidationGoesOnByTheSameWords() throws {
    try withFolder { folder in
      let words =
        Self.small + ["--folds", "2", "--out", folder + "/run", "--force", "--resume-or-start"]
      #expect(try ProgramResult(words).code == 0)
      unlink(folder + "/run/folds.json")
      unlink(folder + "/run/fold-2/last.safetensors")
      let result = try ProgramResult(words)
      #expect(result.code == 0, "\(result.errors)")
      #expect(FileSystem.exists(folder + "/run/folds.json"))
    }
  }

  @Test func aRepeatedTrainingGoesOnWithWhatIsMissing() throws {
    try withFolder { folder in
      let (run, whole) = (folder + "/run", folder + "/whole")
      let words = Self.small + ["--repeats", "2", "--seed", "4", "--limit-test", "50"]
      #expect(try ProgramResult(words + ["--out", whole]).code == 0)
      let start = words + ["--out", run, "--resume-or-start"]
      #expect(try ProgramResult(start).code == 0)
      unlink(run + "/repeats.json")
      unlink(run + "/repeat-1/evaluation.json")
      unlink(run + "/repeat-2/last.safetensors")
      let result = try ProgramResult(["train", "--resume", run, "--json"])
      #expect(result.code == 0, "\(result.errors)")
      for name in ["repeat-1/predictions.csv", "repeat-2/last.safetensors", "repeats.csv"] {
        #expect(try readFile("\(run)/\(name)") == readFile("\(whole)/\(name)"), "\(name)")
      }
      let summary = try JSONValue(parsing: Array(result.output.utf8), path: "json")
      #expect(summary["repeats"]?.array?.compactMap { $0["seed"]?.int } == [4, 5])
      #expect(summary == (try JSONValue(parsing: readFile(run + "/repeats.json"), path: "file")))
      let alone = try ProgramResult(["train", "--resume", run + "/repeat-2"])
      #expect(
        alone.errors
          == "emnist: \(run)/repeat-2: is one repeat of a repeated training; resume them all, by "
          + "the directory above it\n")
      let test = try ProgramResult(["eval", run])
      #expect(test.code == 64)
      #expect(
        test.errors
          == "emnist: \(run): holds the repeats of a repeated training; name one of them, as "
          + "\(run)/repeat-1\n")
    }
  }

  @Test func whereToResumeOrStartMustBeSaid() throws {
    let result = try ProgramResult(Self.small + ["--resume-or-start"])
    #expect(
      result.errors
        == "emnist: --resume-or-start belongs to --out or --name, which was not given; see "
        + "'emnist train --help'\n")
    #expect(result.code == 64)
  }

  @Test func whatCannotBeResumedIsNamed() throws {
    try withFolder { folder in
      let run = folder + "/run"
      #expect(try ProgramResult(Self.small + ["--out", run]).code == 0)
      func expect(_ words: [String], _ code: Int32, _ message: String) throws {
        let result = try ProgramResult(["train", "--resume", run] + words)
        #expect(result.errors == "emnist: \(message)\n")
        #expect(result.code == code)
      }
      try expect(
        ["--lr", "0.5"], 64,
        "--lr cannot change from 0.002 to 0.5 in a run that goes on; leave it out, "
          + "or begin a new run")
      try expect(
        ["--filters", "3"], 64,
        "--filters cannot change from none to 3 in a run that goes on; leave it out, "
          + "or begin a new run")
      try expect(
        ["--config", "x"], 64,
        "--resume and --config exclude each other: a run's options are those that it recorded; "
          + "leave one out")
      let last = try readFile(run + "/last.safetensors")
      try AtomicFile.write(readFile(run + "/best.safetensors"), to: run + "/last.safetensors")
      try expect(
        [], 65,
        "\(run)/last.safetensors: holds weights, but not the state of a training that could go "
          + "on; begin a new run with '--init-from \(run)/last.safetensors'")
      try AtomicFile.write(last.dropLast(4), to: run + "/last.safetensors")
      let (promised, found) = (tensorBytes(last), tensorBytes(last) - 4)
      try expect(
        [], 65,
        "\(run)/last.safetensors: tensors need \(promised) bytes, file has \(found) after the "
          + "header; download it again")
      let missing = try ProgramResult(["train", "--resume", folder + "/no"])
      #expect(
        missing.errors
          == "emnist: \(folder)/no: no such run, here or under runs/; name one that 'emnist train' "
          + "wrote\n")
      #expect(missing.code == 66)
    }
  }

  /// The bytes behind the header of a safetensors file.
  private func tensorBytes(_ file: [UInt8]) -> Int {
    file.count - 8 - file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  @Test func anotherNumberOfEpochsIsNoted() throws {
    try withFolder { folder in
      let training = try EndlessTraining(in: folder, ["--scheduler", "cosine"])
      #expect(training.waitForAnEpoch())
      #expect(training.end(with: SIGTERM).code == 143)
      let epochs = "\(try history(training.run).count + 1)"
      let resumed = try ProgramResult(["train", "--resume", training.run, "--epochs", epochs])
      #expect(resumed.code == 0)
      #expect(
        resumed.errors.hasPrefix(
          "planned for 1000000 epochs, now for \(epochs): from here on rates and augmentation are "
            + "those of \(epochs), so the result is not that of \(epochs) in one go\n"))
    }
  }
}
