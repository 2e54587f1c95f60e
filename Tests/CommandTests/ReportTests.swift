import Configuration
import Foundation
import Support
import Testing

@testable import emnist

@Suite struct ReportCommandTests {
  @Test func theHelpIsThis() throws {
    let help = try CommandPlace.root.descending(to: "report").help
    #expect(
      help == """
        emnist report: draw runs as one HTML page and as SVG files

        Usage: emnist report [RUN…] [OPTION…]

        Examples:
          emnist report                         the newest run under runs/
          emnist report runs/cnn-mnist-1        writes report.html and report/ into it
          emnist report -o site --data emnist/  elsewhere, with images from elsewhere
          emnist report runs/cv                 a cross-validation, or a sweep's study
          emnist report -o both runs/a runs/b   which is better, by how much and where
          emnist report -o both cv-mlp cv-cnn   two cross-validations, fold by fold

        Arguments:
          RUN  a run (default: the newest under runs/), or a directory of folds, repeats
               or a study

        Data:
              --dataset NAME      balanced, byclass, bymerge, letters, digits,
                                  emnist-mnist, mnist, fashion-mnist, kmnist, synthetic,
                                  or NAME of NAME-train-images-idx3-ubyte
              --data DIR          where the files lie (default: ./data, then
                                  ~/.cache/emnist)
              --test-images FILE  test images
              --test-labels FILE  their labels
              --mapping FILE      the characters or names that the labels stand for
              --[no-]transpose    whether pictures are stored lying on their side, as
                                  EMNIST's are

        Report:
          -o, --out DIR           where report.html and report/ go (default: the run
                                  directory); several runs need it
              --png               write drawings as PNG too, through the system's
                                  librsvg

        Model card:
              --license ID        license of the network for the card, as apache-2.0;
                                  without one the card names none

        Output:
              --json              print one JSON object instead of text
          -q, --quiet             print the result and nothing else
          -h, --help              show this help

        Beside the page of one run lies MODEL_CARD.md: results, data, training, limits,
        and front matter for a model hub.

        The page needs no network and no script. Example images come from the data that
        the run was tested on; where it is not found the page does without. 'emnist
        eval' renews the test result that is drawn.

        The page of several runs says which is better, by how much and whether beyond
        chance, as 'emnist compare' does, and measures how long each network takes for
        one image alone.

        --json prints schema, runs, report and pictures, the paths of what was written,
        and note.

        """)
  }

  @Test func everythingIsRead() throws {
    let report = try command(ReportCommand.self, "runs/a -o site --data /d --json")
    #expect(report.runDirectories == ["runs/a"])
    #expect(report.out == "site")
    #expect(report.overrides.configuration.data == "/d")
    #expect(report.output.json)
    #expect(try command(ReportCommand.self, "").runDirectories == [])
  }

  /// Calls `body` with a trained run on the set that ships.
  private func withRun(_ body: (String) throws -> Void) throws {
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
    #expect(training.output.hasSuffix("\n      emnist report \(run)\n"))
    try body(run)
  }

  @Test func aRunIsDrawnBesideItsFiles() throws {
    try withRun { run in
      let result = try ProgramResult(["report", run, "--json"])
      #expect(result.code == 0 && result.errors == "")
      let json = try JSONValue(parsing: Array(result.output.utf8), path: "stdout")
      #expect(json["schema"] == 1 && json["runs"] == [.string(run)] && json["note"] == .null)
      #expect(json["report"]?.string == run + "/report.html")
      let pictures = try #require(json["pictures"]?.array).compactMap { $0.string }
      #expect(pictures.count == 20)
      for path in pictures { #expect(try !readFile(path).isEmpty) }
      let page = String(decoding: try readFile(run + "/report.html"), as: UTF8.self)
      #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    }
  }

  @Test func withoutItsDataTheRunIsDrawnWithoutExamples() throws {
    try withRun { run in
      let out = run + "/elsewhere"
      let result = try ProgramResult(["report", run, "-o", out, "--data", "/nowhere"])
      #expect(result.code == 0)
      #expect(
        result.output == "Example images are left out: /nowhere: no such directory; check --data.\n"
          + "written: \(out)/report.html, and 10 pictures in \(out)/report/\n")
      #expect(try ProgramResult(["report", run, "-q"]).output == run + "/report.html\n")
      let both = try ProgramResult(["report", run, run, "-o", out, "-q"])
      #expect(both.output == out + "/report.html\n" && both.errors == "")
    }
  }

  /// A directory with two data sets, of which `body`'s run was trained on one.
  private func withTwoSets(_ body: (_ run: String, _ environment: [String: String]) throws -> Void)
    throws
  {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Data").path
    try FileManager.default.createDirectory(
      atPath: folder + "/sets", withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(atPath: data)
    where name.hasPrefix("emnist-tiny-") {
      for set in ["one", "other"] {
        try FileManager.default.copyItem(
          atPath: "\(data)/\(name)",
          toPath: "\(folder)/sets/\(name.replacingOccurrences(of: "tiny", with: set))")
      }
    }
    let (run, environment) = (folder + "/run", ["EMNIST_DATA": folder + "/sets"])
    let training = try ProgramResult(
      [
        "train", "other", "--model", "mlp", "--hidden", "8", "--limit", "200", "--limit-test",
        "300", "--epochs", "1", "--out", run,
      ], environment: environment)
    #expect(training.code == 0)
    try body(run, environment)
  }

  @Test func amongSeveralSetsTheRunsOwnIsDrawn() throws {
    try withTwoSets { run, environment in
      let report = try ProgramResult(["report", run], environment: environment)
      #expect(report.output.hasPrefix("written: "))
      let mistakes = try ProgramResult(
        ["data", "preview", "--mistakes", run, "-o", run + "/mistakes.png"],
        environment: environment)
      #expect(mistakes.code == 0 && mistakes.errors == "")
      // Data that is named again is not other data: the same 300 images are tested.
      let eval = try ProgramResult(["eval", run, "--json"], environment: environment)
      let json = try JSONValue(parsing: Array(eval.output.utf8), path: "stdout")
      #expect(json["count"] == 300 && json["dataset"] == "other")
    }
  }

  @Test func aCrossValidationsDirectoryStandsForItsFolds() throws {
    try withRun { run in
      let cv = run + "/cv"
      for number in 1...2 {
        try FileManager.default.createDirectory(
          atPath: "\(cv)/fold-\(number)", withIntermediateDirectories: true)
        for name in ["config.json", "history.csv", "best.safetensors"] {
          try FileManager.default.copyItem(
            atPath: "\(run)/\(name)", toPath: "\(cv)/fold-\(number)/\(name)")
        }
      }
      let result = try ProgramResult(["report", cv, "--json"])
      let json = try JSONValue(parsing: Array(result.output.utf8), path: "stdout")
      #expect(json["runs"] == [.string(cv + "/fold-1"), .string(cv + "/fold-2")])
      #expect(json["report"]?.string == cv + "/report.html")
      let page = String(decoding: try readFile(cv + "/report.html"), as: UTF8.self)
      #expect(page.contains(" validation accuracy in the mean of 2 folds."))
      #expect(page.contains("an interval needs at least 3 folds"))
      let text = try ProgramResult(["report", cv]).output
      #expect(text.contains(" % validation accuracy in the mean of 2 folds\n"))
      #expect(text.contains("\nwritten: \(cv)/report.html, and "))
      let eval = try ProgramResult(["eval", cv])
      #expect(
        eval.errors
          == "emnist: \(cv): holds the folds of a cross-validation; name one of them, "
          + "as \(cv)/fold-1\n")
      #expect(eval.code == 64)
    }
  }

  @Test(arguments: [
    Failure(
      ["report", "/nowhere"], code: 66,
      "/nowhere: no such run, here or under runs/; name one that 'emnist train' wrote"),
    Failure(
      ["report", "/"], code: 66,
      "/: has no config.json, so it is not a run directory; name one that 'emnist train' wrote"),
    Failure(
      ["report", "a", "b"],
      "'emnist report' needs '--out DIR'; see 'emnist report --help'"),
  ])
  func mistakesAreNamed(failure: Failure) throws {
    let result = try ProgramResult(failure.words)
    #expect(result.output == "")
    #expect(result.errors == "emnist: \(failure.message)\n")
    #expect(result.code == failure.code)
  }
}
