import Foundation
import NN
import Support
import Testing

@testable import Configuration
@testable import emnist

@Suite struct ModelsCommandTests {
  @Test(arguments: [
    (
      "cn",
      "unknown model 'cn'; did you mean 'cnn'? "
        + "choose \(ModelPreset.all.map(\.name).joined(separator: ", ")) or a FILE.json"
    ),
    (
      "lenet5 --filters 8,8,8",
      "--filters has 3 numbers, but the model 'lenet5' needs 2; "
        + "'emnist models lenet5' shows its layers"
    ),
    ("--hidden 64", "'emnist models' needs NAME; see 'emnist models --help'"),
    ("mlp --filters 8", "--filters does not apply to the model 'mlp'; leave it out"),
    ("cnn --classes 1", "--classes must be from 2 to 65535, got 1"),
    ("no.json", "no.json: no such file; check the name"),
  ])
  func mistakesAreNamed(line: String, expected: String) {
    #expect(message { _ = try command(ModelsCommand.self, line) } == expected)
  }

  @Test func aVariableThatShapesModelsLeavesTheListAlone() throws {
    let models = try command(ModelsCommand.self, "", environment: ["EMNIST_HIDDEN": "8"])
    #expect(models.model == nil)
  }

  @Test func theListNamesEveryPreset() throws {
    let result = try ProgramResult(["models", "--color", "never"], environment: ["LC_ALL": "C"])
    #expect(result.code == 0)
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 3 + ModelPreset.all.count)
    for (line, preset) in zip(lines.dropFirst(2), ModelPreset.all) {
      #expect(line.hasPrefix(preset.name + " ") && line.hasSuffix(preset.abstract))
    }
  }

  @Test func theListIsAlsoJSON() throws {
    let result = try ProgramResult(["models", "--json", "--classes", "10"])
    let json = try JSONValue(parsing: Array(result.output.utf8), path: "stdout")
    #expect(json["schema"] == 1)
    #expect(json["classes"] == 10)
    let models = try #require(json["models"]?.array)
    #expect(models.map { $0["name"]?.string } == ModelPreset.all.map(\.name))
    for (model, preset) in zip(models, ModelPreset.all) {
      let summary = try ModelSummary(preset.description(), classes: 10)
      #expect(model["parameters"]?.int == summary.parameters)
      #expect(model["multiply_adds"]?.int == summary.multiplyAdds)
    }
  }

  @Test func printedModelFilesAreRead() throws {
    let printed = try ProgramResult(["models", "cnn", "--filters", "8,16", "--json"])
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).json").path
    try AtomicFile.write(text: printed.output, to: path)
    defer { unlink(path) }
    let again = try ProgramResult(["models", path, "--json"])
    #expect(again.code == 0)
    #expect(again.output == printed.output)
  }

  @Test func aModelForAnotherNumberOfClassesSaysSo() throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).json").path
    try AtomicFile.write(
      text: #"{"layers": [{"type": "flatten"}, {"type": "dense", "units": 10}]}"#, to: path)
    defer { unlink(path) }
    let result = try ProgramResult(["models", path])
    #expect(
      result.errors
        == "emnist: model 'model': its last layer gives [10], but the data has 47 classes; "
        + "end it with {\"type\": \"dense\", \"units\": \"classes\"}\n")
    #expect(result.code == 78)
    #expect(try ProgramResult(["models", path, "--classes", "10"]).code == 0)
  }
}
