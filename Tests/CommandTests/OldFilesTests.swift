import Foundation
import Support
import Testing
import TestSupport

/// Runs and studies that stand in `Tests/Golden`, as each form of the files was written. They are read
/// and gone on with for as long as the form is known. 1.1 is of after manifests and the digests of what
/// a training was made from.
@Suite struct OldFilesTests {
  private func withCopy(_ form: String, _ body: (String) throws -> Void) throws {
    let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Golden/\(form)").path
    try withTemporaryDirectory { folder in
      let copy = folder + "/" + form
      try FileManager.default.copyItem(atPath: golden, toPath: copy)
      try body(copy)
    }
  }

  private func output(_ words: [String]) throws -> String {
    let result = try ProgramResult(words)
    #expect(result.code == 0, "\(words): \(result.errors)")
    return result.output
  }

  @Test(arguments: ["v1", "v1.1"])
  func aRunIsReadTestedAndGoneOnWith(form: String) throws {
    try withCopy(form) { place in
      let (run, data) = (place + "/run", ["--data", place + "/data"])
      let old = try JSONValue(parsing: readFile(run + "/evaluation.json"), path: "old")
      _ = try output(["report", run] + data)
      let json = try output(["eval", run, "--json"] + data)
      let new = try JSONValue(parsing: Array(json.utf8), path: "new")
      #expect(new["confusion"] == old["confusion"] && new["count"] == 15)
      _ = try output(["train", "--resume", run, "--epochs", "3", "-q"] + data)
      let rows = String(decoding: try readFile(run + "/history.csv"), as: UTF8.self)
      #expect(rows.split(separator: "\n").count == 4)
    }
  }

  /// These runs were made when the lowest loss decided, although nobody had asked for that.
  @Test func whatWasADefaultThenStaysWhenARunIsMadeAgain() throws {
    try withCopy("v1.1") { place in
      let (run, data) = (place + "/run", ["--data", place + "/data"])
      let again = try output(
        ["train", "--from-manifest", run + "/manifest.json", "--print-config", "--json"] + data)
      let json = try JSONValue(parsing: Array(again.utf8), path: "again")
      #expect(json["monitor"] == "val_loss" && json["sources"]?["monitor"] == "config file")
      _ = try output(["train", "--resume", run, "--epochs", "3", "-q"] + data)
      let config = try JSONValue(parsing: readFile(run + "/config.json"), path: "config")
      #expect(config["monitor"] == "val_loss" && config["sources"]?["monitor"] == "default")
    }
  }

  @Test(arguments: ["v1", "v1.1"])
  func aStudyIsReadAndGoneOnWith(form: String) throws {
    try withCopy(form) { place in
      let study = place + "/study"
      #expect(try output(["sweep", "--show", study]).contains("4 trials to minimize val_loss"))
      let winner = try readFile(study + "/winner.json")
      let more = try output([
        "sweep", place + "/sweep.json", "--out", study, "--data", place + "/data", "-q",
      ])
      #expect(more.contains("4 finished"))
      #expect(try readFile(study + "/winner.json") == winner)
    }
  }
}
