import Foundation
import Formats
import Support
import Testing
import Training

@testable import emnist

/// What a run says about its making, and whether another comes to the same.
@Suite struct ManifestCommandTests {
  private static let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Data").path
  private static let small = [
    "train", "--model", "mlp", "--hidden", "8", "--limit", "200", "--limit-test", "100", "--epochs",
    "2", "--data", data, "--threads", "1",
  ]

  /// Calls `body` with a folder that holds a trained run, which is gone afterwards.
  private func withRun(_ body: (_ folder: String, _ run: String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = folder + "/run"
    #expect(try ProgramResult(Self.small + ["--out", run]).code == 0)
    try body(folder, run)
  }

  @Test func aRunSaysWhatItWasMadeFrom() throws {
    try withRun { _, run in
      let manifest = try Manifest(reading: run + "/manifest.json")
      #expect(manifest.kind == .run && manifest.sessions.count == 1 && manifest.testReads == 1)
      let session = manifest.sessions[0]
      #expect(session["version"]?.string == programVersion)
      #expect(session["commit"]?.string == programCommit)
      #expect(session["threads"] == 1 && session["ended"] == "finished")
      #expect(session["processor"]?["name"]?.string == Processor.current.name)
      #expect(session["arguments"]?.array?.contains("--limit-test") == true)
      #expect(session["cpu_seconds"]?.double ?? 0 > 0)
      #expect(manifest["configuration", "sources", "epochs"] == "flag")
      let files = manifest["data", "files"]?.array ?? []
      #expect(files.count >= 4)
      for file in files {
        let path = file["path"]?.string ?? ""
        #expect(file["sha256"]?.string == (try Digest.hexadecimal(.sha256, ofFile: path)))
      }
      #expect(manifest["parts", "training", "count"] == 180)
      #expect(manifest["parts", "validation", "count"] == 20)
      #expect(manifest["parts", "test", "count"] == 100)
      #expect(manifest["parts", "test", "indices"]?.string?.contains("-") == true)
      #expect(manifest["result", "best_sha256"]?.string?.count == 64)
      #expect(try ProgramResult(["eval", run]).code == 0)
      #expect(try Manifest(reading: run + "/manifest.json").testReads == 2)
    }
  }

  @Test func aRunThatIsDoneAgainIsTheSame() throws {
    try withRun { folder, run in
      let again = [
        "train", "--from-manifest", run + "/manifest.json", "--out", folder + "/again",
      ]
      let same = try ProgramResult(again + ["--threads", "2"])
      #expect(same.code == 0, "\(same.errors)")
      #expect(
        same.output.hasSuffix(
          "The same in every bit: history, weights and what was predicted.\n"
            + "What went in differs, without any effect:\n  threads: 1 before, 2 now\n"))
      let other = try ProgramResult(again + ["--force", "--lr", "0.5", "--json"])
      #expect(other.code == 1)
      let repeats = try JSONValue(parsing: Array(other.output.utf8), path: "json")["repeats"]
      #expect(repeats?["same"] == false)
      #expect(
        repeats?["inputs"]?.array?.compactMap { $0["name"]?.string } == ["lr", "sources"]
          || repeats?["inputs"]?.array?.compactMap { $0["name"]?.string } == ["lr"])
      #expect(
        repeats?["results"]?.array?.contains { $0["name"] == "last_sha256" } == true)
    }
  }

  @Test func whatCannotBeDoneAgainIsASentence() throws {
    try withRun { folder, run in
      let path = run + "/manifest.json"
      let text = String(decoding: try readFile(path), as: UTF8.self)
      func problem(_ words: [String] = []) throws -> String {
        let result = try ProgramResult(
          ["train", "--from-manifest", path, "--out", folder + "/again"] + words)
        #expect((64...78).contains(result.code))
        return result.errors.replacing(path, with: "M")
      }
      #expect(
        try problem(["--resume", run])
          == "emnist: --resume and --from-manifest exclude each other; give one of them, see "
          + "'emnist train --help'\n")
      for (old, new, sentence) in [
        (
          "\"schema\": 1,\n  \"kind\"", "\"schema\": 9,\n  \"kind\"",
          "a later version of emnist wrote this"
        ),
        ("\"kind\": \"run\"", "\"kind\": \"study\"", "is the manifest of a study"),
        ("\"result\":", "\"results\":", "records no result"),
        ("\"sessions\":", "\"x\":", "'sessions' is"),
      ] {
        try AtomicFile.write(text: text.replacing(old, with: new), to: path)
        #expect(try problem().hasPrefix("emnist: M: \(sentence)"))
      }
    }
  }

  @Test func aRunDoesNotGoOnWithWhatIsNotItsOwn() throws {
    try withRun { folder, run in
      let config = run + "/config.json"
      let text = String(decoding: try readFile(config), as: UTF8.self)
      func problem(_ words: [String] = []) throws -> String {
        let result = try ProgramResult(["train", "--resume", run, "--epochs", "3"] + words)
        #expect(result.code == 65)
        let line = result.errors.split(separator: "\n").last ?? ""
        return String(line).replacing(run, with: "R")
      }
      try AtomicFile.write(
        text: text.replacing("\"lr\": 0.002", with: "\"lr\": 0.5"), to: config)
      #expect(
        try problem()
          == "emnist: R/config.json: 'lr' is 0.5, but the checkpoint beside it was trained with "
          + "0.002; put it back, or begin a new run")
      try AtomicFile.write(text: text, to: config)
      let other = try turnedData(in: folder)
      #expect(try problem(["--data", other]).contains("was trained on other images or labels"))
    }
  }

  @Test func runsThatWereTestedOnOtherPixelsAreNotCompared() throws {
    try withRun { folder, run in
      let other = folder + "/second"
      let data = try turnedData("test", in: folder)
      #expect(try ProgramResult(Self.small + ["--out", other, "--data", data]).code == 0)
      let result = try ProgramResult(["compare", run, other])
      #expect(
        result.errors
          == "emnist: \(other) and \(run) were tested on images of the same labels with other "
          + "pixels; test both on the same images with 'emnist eval'\n")
      #expect(result.code == 65)
    }
  }

  /// The shipped set with every image of a part upside down: the counts, the labels, the mean and the
  /// deviation are the same.
  private func turnedData(_ part: String = "train", in folder: String) throws -> String {
    let other = folder + "/other"
    try FileManager.default.copyItem(atPath: Self.data, toPath: other)
    let path = other + "/emnist-tiny-\(part)-images-idx3-ubyte.gz"
    let file = try Gzip.inflate(readFile(path), path: path)
    let pixels = stride(from: 16, to: file.count, by: 784).flatMap {
      file[$0..<$0 + 784].reversed()
    }
    try AtomicFile.write(Gzip.compress(file.prefix(16) + pixels), to: path)
    return other
  }
}
