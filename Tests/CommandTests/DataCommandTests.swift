import Datasets
import Foundation
import Support
import Testing

@testable import emnist

@Suite struct DataCommandProcessTests {
  /// Runs a command on a data set of 47 training images.
  private func run(_ words: [String], _ body: (ProgramResult, String) throws -> Void) throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let data = SyntheticData(name: "few", trainCount: 47, testCount: 0)
    _ = try data.write(to: directory)
    try body(
      ProgramResult(words + ["--data", directory], environment: ["LC_ALL": "C"]), directory)
  }

  @Test func infoDescribesThePartsThatAreThere() throws {
    try run(["data", "info"]) { result, directory in
      #expect(result.code == 0)
      #expect(result.errors == "")
      #expect(result.output.hasPrefix("few: 47 classes, images of 28 x 28 pixels\n"))
      #expect(result.output.contains("\ntrain      47        1  0."))
      #expect(!result.output.contains("\ntest "))
      #expect(result.output.contains("\nIn \(directory)/\n"))
    }
  }

  @Test func infoIsAlsoJSON() throws {
    try run(["data", "info", "--json"]) { result, _ in
      let json = try JSONValue(parsing: Array(result.output.utf8), path: "stdout")
      #expect(json["dataset"] == "few")
      #expect(json["transposed_on_disk"] == true)
      #expect(json["parts"]?["train"]?["count"] == 47)
      #expect(json["files"]?.array?.count == 3)
    }
  }

  @Test func listIsAlsoJSON() throws {
    try run(["data", "list", "--json"]) { result, directory in
      let json = try JSONValue(parsing: Array(result.output.utf8), path: "stdout")
      let place = try #require(json["places"]?.array?.first)
      #expect(place["path"]?.string == directory)
      #expect(place["datasets"]?.array?.first?["train"] == 47)
    }
  }

  @Test func previewHasAnEqualNumberOfLinesForEachClass() throws {
    try run(["data", "preview"]) { result, _ in
      #expect(result.code == 0)
      let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count == 47 * 7 + 1)
      #expect(lines.allSatisfy { $0.count <= 80 })
      #expect(lines[3].hasPrefix("0 "))
    }
  }

  @Test func aRunsMistakesAreShown() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Data").path
    let run = folder + "/run"
    let training = try ProgramResult([
      "train", "--model", "mlp", "--hidden", "8", "--limit", "200", "--epochs", "1", "--data", data,
      "--out", run,
    ])
    #expect(training.code == 0)
    let shown = try ProgramResult(["data", "preview", "--mistakes", run, "--per-class", "2"])
    #expect(shown.code == 0 && shown.errors == "" && !shown.output.isEmpty)
    let sheet = folder + "/sheet.png"
    let written = try ProgramResult(["data", "preview", "--mistakes", run, "-o", sheet])
    #expect(written.output.hasPrefix("\(sheet): the 100 surest mistakes of \(run), "))
    #expect(try readFile(sheet).starts(with: [0x89, 0x50, 0x4E, 0x47]))
    let elsewhere = try ProgramResult(
      ["data", "preview", "--mistakes", run, "--dataset", "synthetic"])
    #expect(
      elsewhere.errors
        == "emnist: \(run): was not tested on the images that 'synthetic' has here; "
        + "say with --dataset and --data where those lie\n")
    #expect(elsewhere.code == 65)
  }

  @Test func previewWritesAPNG() throws {
    let sheet = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).png")
    defer { try? FileManager.default.removeItem(at: sheet) }
    try run(["data", "preview", "-o", sheet.path, "--per-class", "3"]) { result, _ in
      #expect(result.code == 0)
      #expect(result.output.hasPrefix("\(sheet.path): 47 rows of 3, 192 x 2728 pixels, "))
      let bytes = try readFile(sheet.path)
      #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
      // Width and height in the header.
      #expect(Array(bytes[16..<24]) == [0, 0, 0, 192, 0, 0, 0x0A, 0xA8])
    }
  }

  @Test func previewMixesTheClasses() throws {
    try run(["data", "preview", "--random", "--per-class", "4"]) { result, directory in
      #expect(result.code == 0)
      func output(_ words: [String]) throws -> String {
        try ProgramResult(words + ["--data", directory], environment: ["LC_ALL": "C"]).output
      }
      let words = ["data", "preview", "--random", "--per-class", "4"]
      let (again, other) = (try output(words), try output(words + ["--seed", "1"]))
      #expect(again == result.output && other != again)
      let sheet = directory + "/random.png"
      let written = try output(["data", "preview", "--random", "--per-class", "4", "-o", sheet])
      #expect(written.hasPrefix("\(sheet): 40 images, 4 a row, "))
    }
  }

  @Test func previewShowsWhatATrainingWouldSee() throws {
    let varied = ["data", "preview", "--per-class", "3", "--augment", "heavy"]
    try run(varied) { result, directory in
      #expect(result.code == 0)
      #expect(result.output.split(separator: "\n", omittingEmptySubsequences: false).count == 330)
      // The same seed shows the same, another one other pictures.
      func output(_ words: [String]) throws -> String {
        try ProgramResult(words + ["--data", directory], environment: ["LC_ALL": "C"]).output
      }
      let (again, otherSeed, weaker) = (
        try output(varied), try output(varied + ["--seed", "1"]),
        try output(varied + ["--augment-elastic", "0"])
      )
      #expect(again == result.output && otherSeed != again && weaker != again)
    }
  }

  @Test func aPartThatIsNotThereIsNamed() throws {
    try run(["data", "preview", "--part", "test"]) { result, directory in
      #expect(
        result.errors
          == "emnist: \(directory): data set 'few' has no test part; add "
          + "emnist-few-test-images-idx3-ubyte.gz and emnist-few-test-labels-idx1-ubyte.gz\n")
      #expect(result.code == 66)
    }
  }

  @Test(arguments: [
    Failure(
      ["data", "list", "--data", "/nowhere"], code: 66,
      "/nowhere: no such directory; check --data"),
    Failure(
      ["data", "info", "--data", "/nowhere"], code: 66,
      "/nowhere: no such directory; check --data"),
    Failure(
      ["data", "preview", "tiny", "-o", "/nowhere/s.png"], code: 73,
      "/nowhere/s.png: cannot be created: no such file or directory; "
        + "choose another place or change its permissions"),
    Failure(["data", "preview", "--per-class", "0"], "--per-class must be from 1 to 100, got 0"),
    Failure(
      ["data", "preview", "--augment", "strong"],
      "unknown augmentation 'strong'; choose none, light, default or heavy"),
    Failure(
      ["data", "preview", "--per-class", "x"], "--per-class must be a whole number, got 'x'"),
  ])
  func mistakesAreNamed(failure: Failure) throws {
    let result = try ProgramResult(failure.words)
    #expect(result.output == "")
    #expect(result.errors == "emnist: \(failure.message)\n")
    #expect(result.code == failure.code)
  }
}
