import Formats
import Foundation
import Support
import Testing
import TestSupport

/// Names that would do something if anything took them for more than text.
@Suite struct HostileNamesTests {
  static let names = [
    "\u{1B}]0;owned\u{7}", "\u{1B}[2J\u{9B}31m", "two\nlines", "\u{202E}gnp.x", "=1+1", "-",
    "@SUM(A1)",
    "<script>alert(1)<script>", "\" onload=\"alert(1)", "a|b",
  ]
  private static let place = "d\u{1B}[31m\u{202E};touch x\n<b>"

  /// Pictures of every class, ten for learning and two for a test.
  private func makeData(_ folder: TemporaryFolder) throws -> String {
    for (index, name) in Self.names.enumerated() {
      for number in 0..<12 {
        let pixels = (0..<8 * 8).map { UInt8($0 % (index + 2) == 0 ? 200 + number : 0) }
        let part = number < 10 ? "train" : "test"
        try folder.write(
          "\(Self.place)/\(part)/\(name)/\(number).png",
          PNG.encode(gray: pixels, width: 8, height: 8))
      }
    }
    return "\(folder.path)/\(Self.place)"
  }

  /// Runs a command, and checks that what it says is lines of text.
  @discardableResult
  private func said(_ words: [String], code: Int32 = 0) throws -> String {
    let result = try ProgramResult(words)
    #expect(result.code == code, "\(words): \(result.errors)")
    for text in [result.output, result.errors] {
      let controls = text.unicodeScalars.filter { $0.isControlling && $0 != "\n" }
      #expect(controls.isEmpty, "\(words): \(text.debugDescription)")
      #expect(!text.contains("two\nlines"), "\(words)")
    }
    return result.output + result.errors
  }

  @Test func namesAreTextWhereverTheyStand() throws {
    try withTemporaryFolder { folder in
      let data = try makeData(folder)
      let runs = ["one", "two"].map { "\(folder.path)/\($0)\u{1B}[5m\n=x;touch y" }
      try said(["data", "list", "--data", data])
      try said(["data", "info", "--data", data])
      for (seed, run) in runs.enumerated() {
        let text = try said([
          "train", "--data", data, "--model", "mlp-small", "--epochs", "1", "--seed", "\(seed)",
          "--out", run, "--threads", "1",
        ])
        // As one word for a shell.
        #expect(text.contains(#"next: emnist eval '"#))
      }
      try said(
        [
          "train", "--from-manifest", runs[0] + "/manifest.json", "--out", runs[0] + "-again",
          "--seed", "7",
        ], code: 1)
      try said(["eval", runs[0], "--confusion", "--data", data])
      try said(["eval", runs[0], "--json", "--data", data])
      try said(["predict", "--run", runs[0], "\(data)/test/\(Self.names[2])/11.png"])
      try said(["audit", runs[0], "--part", "test", "--data", data])
      try said(["compare"] + runs)
      try said(["compare", "--markdown"] + runs)
      try said(["report", runs[0], "--data", data])
      try checkPage(runs[0] + "/report.html")
      try checkMatrix(runs[0] + "/confusion.csv")
      // Errors, hints and warnings.
      try said(["train", "--resume", runs[0]])
      try said(["eval", "no\u{1B}[31m such\nrun"], code: 66)
      try said(["train", "--data", "\u{9B}31m\u{202E}"], code: 66)
      try said(["train", "--model", "\u{1B}[31mx\u{7}"], code: 64)
      try said(["--\u{1B}[31m"], code: 64)
    }
  }

  @Test func aSweepsNamesAreTextToo() throws {
    try withTemporaryFolder { folder in
      let data = try makeData(folder)
      let study = "\(folder.path)/s\u{1B}[31m\u{202E}\n"
      let sweep = try folder.write(
        "sweep.json",
        Array(
          #"""
          {"method": "grid", "metric": {"name": "val_accuracy", "goal": "maximize"},
           "parameters": {"lr": {"values": [0.1, 1]}, "epochs": {"value": 1},
             "model": {"value": "mlp-small"}}}
          """#.utf8))
      try said([
        "sweep", sweep, "--data", data, "--out", study, "--threads", "1",
      ])
      try said(["sweep", "--show", study])
      try checkPage(study + "/report.html")
    }
  }

  /// That a page holds no element and no attribute that a name brought.
  private func checkPage(_ path: String) throws {
    let page = String(decoding: try readFile(path), as: UTF8.self)
    #expect(!page.contains("<script") && !page.contains("\" onload=\"") && !page.contains("<b>"))
    #expect(!page.unicodeScalars.contains { $0.isControlling && $0 != "\n" })
  }

  /// That a spreadsheet computes nothing, and every name reads back.
  private func checkMatrix(_ path: String) throws {
    let text = String(decoding: try readFile(path), as: UTF8.self)
    for name in Self.names { #expect(text.contains(csvField(name))) }
    #expect(text.contains(",'=1+1,") && text.contains(",-,") && text.contains(",'@SUM(A1)"))
  }
}
