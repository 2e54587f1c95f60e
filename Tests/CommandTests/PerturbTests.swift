import Datasets
import Foundation
import Support
import Testing

@testable import emnist

@Suite struct PerturbTests {
  @Test func namesAndStrengthsAreRead() throws {
    let eval = try command(
      EvalCommand.self, "a b --perturb rotate=15,shift=2,blur --seed 7 -o out")
    #expect(
      eval.perturbations == [
        PerturbationRange(.rotate, largest: 15), PerturbationRange(.shift, largest: 2),
        PerturbationRange(.blur),
      ])
    #expect(eval.runDirectory == "a" && eval.otherRuns == ["b"] && eval.perturbationSeed == 7)
    let all = try command(EvalCommand.self, "--perturb all").perturbations
    #expect(all.map(\.kind) == PerturbationKind.allCases)
    #expect(try command(EvalCommand.self, "").perturbations.isEmpty)
  }

  @Test(arguments: [
    (
      "--perturb rotat",
      "unknown perturbation 'rotat'; did you mean 'rotate'? choose shift, rotate, scale, noise, "
        + "thickness, blur or all"
    ),
    ("--perturb rotate=200", "--perturb must be from rotate=0.001 to rotate=180, got rotate=200"),
    ("--perturb shift=1.5", "--perturb must be shift=a whole number, got 'shift=1.5'"),
    (
      "--perturb blur,blur",
      "--perturb must be a list with each perturbation once, got 'blur,blur'"
    ),
    ("a b --perturb all", "'emnist eval' needs '--out DIR'; see 'emnist eval --help'"),
    (
      "--perturb all --tta shifts",
      "--perturb and --tta exclude each other; give one of them, see 'emnist eval --help'"
    ),
  ])
  func mistakesAreNamed(line: String, expected: String) {
    #expect(message { _ = try command(EvalCommand.self, line) } == expected)
  }

  /// Calls `body` with a small trained run and the directory that it is in.
  private func withRun(_ body: (_ run: String, _ folder: String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Data").path
    let run = folder + "/run"
    let training = try ProgramResult([
      "train", "--model", "mlp", "--hidden", "8", "--limit", "200", "--limit-test", "100",
      "--epochs", "1", "--data", data, "--out", run,
    ])
    #expect(training.code == 0, "\(training.errors)")
    try body(run, folder)
  }

  @Test func theRunKeepsItsTestAndGetsItsCurves() throws {
    try withRun { run, folder in
      let before = try readFile(run + "/evaluation.json")
      let words = ["eval", run, "--perturb", "shift=2,blur=1"]
      let result = try ProgramResult(words + ["--json"])
      #expect(result.code == 0, "\(result.errors)")
      let json = try JSONValue(parsing: Array(result.output.utf8), path: "stdout")
      #expect(json["runs"]?.array?.first?["curves"]?.array?.count == 2)
      #expect(json == (try JSONValue(parsing: readFile(run + "/perturbation.json"), path: "")))
      #expect(try readFile(run + "/evaluation.json") == before)
      let table = String(decoding: try readFile(run + "/perturbation.csv"), as: UTF8.self)
      #expect(table.split(separator: "\n").count == 1 + 3 + 6)
      let picture = String(decoding: try readFile(run + "/perturbation.svg"), as: UTF8.self)
      #expect(picture.hasPrefix("<svg ") && picture.contains("Blurred"))
      // Where there is a library that draws.
      let raster = try? readFile(run + "/perturbation.png")
      #expect(raster?.prefix(4).elementsEqual([0x89, 0x50, 0x4E, 0x47]) ?? true)
      let told = try ProgramResult(words).output
      #expect(told.contains(raster == nil ? ".csv and .svg in " : ".csv, .svg and .png in "))
      let text = try ProgramResult(words + ["--limit", "50"])
      #expect(text.errors.contains("not written: these are not the images of the run's own test"))
      #expect(text.output.contains("shifted, in pixels\n"))
      let both = try ProgramResult(
        ["eval", run, run, "--perturb", "blur=1", "-o", folder + "/both", "--quiet"])
      #expect(both.code == 0 && FileSystem.exists(folder + "/both/perturbation.svg"))
    }
  }
}
