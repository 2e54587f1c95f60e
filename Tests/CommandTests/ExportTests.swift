import Analysis
import Foundation
import Interchange
import Support
import Testing
import Training

@testable import emnist

@Suite struct ExportCommandTests {
  @Test func everythingIsRead() throws {
    let export = try command(
      ExportCommand.self, "runs/a --format onnx --input float --transpose -o x.onnx --json")
    #expect(export.runDirectory == "runs/a" && export.format.name == "onnx")
    #expect(export.options.takesFloats && export.options.transposes)
    #expect(export.out == "x.onnx" && export.output.json && export.outputs == nil)
    let features = try command(ExportCommand.self, "--format npz --what features --part val")
    #expect(features.outputs == .features && features.part == .val)
  }

  @Test(arguments: [
    ("--format npz --transpose", "--transpose and --format npz exclude each other"),
    ("--what logits", "--what belongs to --format npz, which was not given"),
    ("--part val", "--part belongs to --what, which was not given"),
  ])
  func whatMeansNothingIsRefused(line: String, sentence: String) {
    let error = #expect(throws: UsageError.self) { try command(ExportCommand.self, line) }
    #expect(error?.description.hasPrefix(sentence) == true)
  }

  /// Calls `body` with a run on the set that ships.
  private func withRun(_ body: (_ run: String, _ folder: String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Data").path
    let training = try ProgramResult([
      "train", "--model", "mlp-512", "--hidden", "8", "--limit", "200", "--epochs", "1", "--data",
      data, "--out", folder + "/run",
    ])
    #expect(training.code == 0)
    try body(folder + "/run", folder)
  }

  @Test func everyFormatIsWrittenAndAgrees() throws {
    try withRun { run, folder in
      for format in NetworkFormat.all {
        let path = "\(folder)/x.\(format.suffix)"
        let result = try ProgramResult([
          "export", run, "--format", format.name, "--json", "-o", path,
        ])
        #expect(result.code == 0 && result.errors == "")
        let json = try JSONValue(parsing: Array(result.output.utf8), path: "stdout")
        #expect(json["format"] == .string(format.name) && json["path"] == .string(path))
        #expect(try json["bytes"] == .integer(readFile(path).count))
        #expect(json["agreement"]?["same_answers"] == 1.0)
        #expect(json["agreement"]?["of"] == "validation part")
      }
    }
  }

  @Test func aFolderForAHubHasItsCard() throws {
    try withRun { run, folder in
      let result = try ProgramResult(["export", run, "--format", "hub", "-o", folder + "/hub"])
      #expect(result.code == 0 && result.output.hasPrefix("written: \(folder)/hub/README.md, "))
      let card = String(decoding: try readFile(folder + "/hub/README.md"), as: UTF8.self)
      #expect(card.hasPrefix("---\nlibrary_name: onnx\n") && card.contains("model-index:"))
      for file in ["model.onnx", "model.safetensors", "example.py"] {
        #expect(try !readFile("\(folder)/hub/\(file)").isEmpty)
      }
    }
  }

  @Test func wholeNumbersAreTestedAndWrittenNowhere() throws {
    try withRun { run, _ in
      let before = try readFile(run + "/evaluation.json")
      let result = try ProgramResult(["eval", run, "--quantize", "int8", "--json"])
      let json = try JSONValue(parsing: Array(result.output.utf8), path: "stdout")
      #expect(json["quantized"] == "int8" && json["count"] == 1410)
      #expect(try readFile(run + "/evaluation.json") == before)
      let export = try ProgramResult(["export", run, "--format", "c", "--quantize", "int8"])
      #expect(export.code == 0 && export.output.hasPrefix("written: \(run)/model.c, "))
    }
  }

  @Test func theFileLiesInTheRunAndIsNamed() throws {
    try withRun { run, _ in
      let quiet = try ProgramResult(["export", run, "--quiet"])
      #expect(quiet.output == "\(run)/model.onnx\n" && quiet.code == 0)
      let text = try ProgramResult(["export", run])
      #expect(text.output.hasPrefix("written: \(run)/model.onnx, "))
      let arrays = try ProgramResult(["export", run, "--format", "npz", "--what", "probabilities"])
      #expect(
        arrays.output.hasPrefix(
          "written: \(run)/probabilities-test.npz, probabilities of 1,410 images, "))
    }
  }

  @Test func withoutItsDataARunIsComparedOnDrawnCharacters() throws {
    try withRun { run, folder in
      let result = try ProgramResult(["export", run, "--data", folder + "/nowhere"])
      #expect(result.code == 0)
      #expect(result.errors.hasPrefix("the run's images are not used: "))
      #expect(result.output.contains("images, synthetic handwriting: 100.00 % same answers"))
    }
  }

  @Test func whatCannotBeWrittenIsAnError() throws {
    try withRun { run, folder in
      let result = try ProgramResult(["export", run, "-o", folder + "/nowhere/x.onnx"])
      #expect(result.code == 73 && result.output == "")
      let missing = try ProgramResult(["export", folder])
      #expect(missing.code == 66)
    }
  }
}
