import Formats
import Foundation
import Metrics
import Support
import Testing

@testable import emnist

@Suite struct PredictTests {
  @Test func theHelpIsThis() throws {
    let help = try CommandPlace.root.descending(to: "predict").help
    #expect(
      help == """
        emnist predict: say what the characters in pictures are

        Usage: emnist predict FILE… [OPTION…]

        Examples:
          emnist predict photo.png                        with the newest run under
                                                          runs/
          emnist predict --run runs/cnn-1 *.png           many, with a certain run
          emnist predict --json --top 5 scan.pgm          for programs
          emnist predict --segment page.png -o found.png  several characters, in order
          emnist predict test.csv -o submission.csv       a table as Kaggle wants it

        Arguments:
          FILE  a picture of one character, a directory of such, - for standard input,
                or a file of images such as IDX

        Prediction:
              --run RUN          the run directory whose best checkpoint answers
                                 (default: the newest under runs/)
              --top N            classes shown of each picture (default: 3)
              --threshold SCORE  say of what scores lower that it is not a character;
                                 none: of nothing (default: the run's own, fitted on its
                                 validation part)
              --show-input       with --json also input, the pixels that the network was
                                 given, row by row
              --segment          pictures hold lines of separate characters, which are
                                 named one by one
          -o, --out FILE         write the answers as a table ImageId,Label; with
                                 --segment the picture with what was found, as PNG
              --[no-]invert      whether ink is dark on light paper (default: the border
                                 tells)
              --[no-]transpose   whether pictures are stored lying on their side, as
                                 EMNIST's are
          -j, --threads N        threads, for speed only: the result is the same
                                 (default: one a processor)

        Output:
              --json             print one JSON object instead of text
          -q, --quiet            print the result and nothing else
              --color WHEN       colored text: auto, always or never (default: auto)
          -h, --help             show this help

        A picture is brought into the form that was measured on the run's training
        images: paper levelled, what is not the character's left out, the character as
        large, in the same place and with strokes as wide and as soft. A picture that is
        of that form already is taken as it is. On a terminal with color what the
        network saw is drawn beside the answer.

        --json prints schema, run and predictions, each with file, index (in an IDX
        file), label, probability, score and accepted (see --threshold; not there if the
        run has none), inverted, form (none or fitted), remarks, if there are any, and
        top (label, probability); with --segment index counts the characters, line its
        lines, and box (x, y, width, height) is in pixels. A file that cannot be read is
        named, the others are classified, and the exit code is its own.

        """)
  }

  private static let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Data").path

  /// Calls `body` with a trained run and a folder with the picture of a one on paper.
  private func withRun(_ body: (_ run: String, _ folder: String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let training = try ProgramResult([
      "train", "--model", "mlp", "--hidden", "8", "--limit", "200", "--epochs", "1",
      "--data", Self.data, "--out", folder + "/run", "-q",
    ])
    #expect(training.code == 0)
    let gray = (0..<60 * 40).map { place -> UInt8 in
      (10..<50).contains(place / 40) && (18..<22).contains(place % 40) ? 40 : 220
    }
    try AtomicFile.write(PNG.encode(gray: gray, width: 40, height: 60), to: folder + "/one.png")
    try body(folder + "/run", folder)
  }

  @Test func aPictureIsALineAndAnObject() throws {
    try withRun { run, folder in
      let file = folder + "/one.png"
      let text = try ProgramResult(["predict", "--run", run, file, "--top", "2"])
      #expect(text.code == 0 && text.errors == "")
      #expect(try /.+\/one.png: \S \d+\.\d %, \S \d+\.\d %\n/.wholeMatch(in: text.output) != nil)
      let result = try ProgramResult(["predict", "--run", run, file, file, "--json"])
      let json = try JSONValue(parsing: Array(result.output.utf8), path: "stdout")
      #expect(json["schema"] == 1 && json["run"] == .string(run))
      let predictions = try #require(json["predictions"]?.array)
      #expect(predictions.count == 2 && predictions[0] == predictions[1])
      #expect(predictions[0]["file"] == .string(file) && predictions[0]["index"] == 0)
      #expect(predictions[0]["inverted"] == true && predictions[0]["form"] == "fitted")
      let top = try #require(predictions[0]["top"]?.array)
      #expect(top.count == 3 && top[0]["label"] == predictions[0]["label"])
      #expect(top[0]["probability"] == predictions[0]["probability"])
      let label = try ProgramResult(["predict", "--run", run, file, "-q"]).output
      #expect(label == (predictions[0]["label"]?.string ?? "") + "\n")
    }
  }

  @Test func whatTheTestSawIsPredictedAgain() throws {
    try withRun { run, _ in
      let images = try #require(
        FileManager.default.contentsOfDirectory(atPath: Self.data)
          .first { $0.contains("test-images") })
      let predicted = try ProgramResult(
        ["predict", "--run", run, "\(Self.data)/\(images)", "-q"])
      let labels = predicted.output.split(separator: "\n").map(String.init)
      let loud = try ProgramResult(["predict", "--run", run, "\(Self.data)/\(images)", "--json"])
      #expect(
        loud.errors
          == "\(Self.data)/\(images): turned upright (EMNIST stores its images on their side)\n")
      let test = try JSONValue(parsing: readFile(run + "/evaluation.json"), path: "evaluation")
      let classes = try #require(test["classes"]?.array).compactMap { $0["label"]?.string }
      let rows = String(decoding: try readFile(run + "/predictions.csv"), as: UTF8.self)
        .split(separator: "\n").dropFirst()
        .map { $0.split(separator: ",").prefix(3).map { Int($0) ?? 0 } }
      #expect(!rows.isEmpty)
      // Index, true and predicted class.
      for row in rows { #expect(labels[row[0]] == classes[row[2]]) }
    }
  }

  @Test func whatCannotBeReadIsNamedAndTheRestIsClassified() throws {
    try withRun { run, folder in
      try AtomicFile.write(text: "\u{FF}\u{D8}", to: folder + "/a.jpg")
      let result = try ProgramResult(
        ["predict", "--run", run, folder + "/a.jpg", "/nowhere.png", folder + "/one.png", "-q"])
      #expect(
        result.errors
          == "emnist: \(folder)/a.jpg: starts with the bytes C3 BF C3 98, expected a "
          + "picture (PNG, PGM, PPM or PBM, BMP, JPEG, WebP or HEIC or AVIF); save it as PNG\n"
          + "emnist: /nowhere.png: no such file; check the name\n")
      #expect(result.output.count == 2 && result.code == 65)
    }
  }

  @Test func aPageIsReadInLinesWithBoxes() throws {
    try withRun { run, folder in
      // Two bars above, one below.
      let gray = (0..<200 * 100).map { place -> UInt8 in
        let (row, column) = (place / 100, place % 100)
        let isUpper = (20..<70).contains(row) && (20..<26).contains(column % 50) && column < 90
        return isUpper || (120..<170).contains(row) && (40..<46).contains(column) ? 40 : 220
      }
      let (file, out) = (folder + "/page.png", folder + "/found.png")
      try AtomicFile.write(PNG.encode(gray: gray, width: 100, height: 200), to: file)
      let result = try ProgramResult(
        ["predict", "--run", run, "--segment", "--json", file, "-o", out])
      let json = try JSONValue(parsing: Array(result.output.utf8), path: "stdout")
      let found = try #require(json["predictions"]?.array)
      #expect(found.map { $0["line"] } == [0, 0, 1] && found.map { $0["index"] } == [0, 1, 2])
      #expect(found[0]["box"] == ["x": 20, "y": 20, "width": 6, "height": 50])
      #expect(found[2]["box"] == ["x": 40, "y": 120, "width": 6, "height": 50])
      let picture = try PNG.decode(readFile(out), path: out)
      #expect(picture.width == 100 && picture.height == 200 && picture.pixels[18 * 100 + 18] == 128)
      let quiet = try ProgramResult(["predict", "--run", run, "--segment", "-q", file])
      #expect(quiet.output.split(separator: "\n").map(\.count) == [2, 1])
      let text = try ProgramResult(["predict", "--run", run, "--segment", file])
      #expect(text.output.hasPrefix("\(file): 3 characters\n  "))
      #expect(text.output.contains("\n  2 at (40, 120) 6 x 50: "))
      let single = try ProgramResult(["predict", "--run", run, file])
      #expect(single.output.contains("(3 characters seem to stand in it, and one is named)"))
    }
  }

  @Test func answersAreWrittenAsKaggleTakesThem() throws {
    try withRun { run, folder in
      let out = folder + "/submission.csv"
      let (file, rows) = (
        folder + "/test.csv",
        (0..<3).map { row in
          (0..<784).map { ($0 + row) % 9 == 0 ? "255" : "0" }.joined(separator: ",")
        }
      )
      let header = (0..<784).map { "pixel\($0)" }.joined(separator: ",")
      try AtomicFile.write(
        text: ([header] + rows).map { $0 + "\n" }.joined(), to: file)
      let result = try ProgramResult(["predict", "--run", run, file, "-o", out])
      #expect(result.output == "written: 3 answers in \(out)\n" && result.code == 0)
      let lines = try String(decoding: readFile(out), as: UTF8.self).split(separator: "\n")
      #expect(lines.count == 4 && lines[0] == "ImageId,Label")
      #expect(lines.dropFirst().map { $0.prefix(2) } == ["1,", "2,", "3,"])
      // What cannot be read leaves no table that would be too short.
      let broken = try ProgramResult(
        ["predict", "--run", run, file, "/nowhere.csv", "-o", folder + "/none.csv"])
      #expect(broken.code == 66 && !FileManager.default.fileExists(atPath: folder + "/none.csv"))
    }
  }

  @Test func aDirectoryIsThePicturesInIt() throws {
    try withRun { run, folder in
      let pictures = folder + "/pictures"
      try FileManager.default.createDirectory(
        atPath: pictures, withIntermediateDirectories: true)
      let empty = try ProgramResult(["predict", "--run", run, pictures])
      #expect(
        empty.errors == "emnist: \(pictures): no picture is in the directory; check the name\n")
      #expect(empty.code == 66)
      for name in ["b.jpg", "a"] {
        try FileManager.default.copyItem(
          atPath: folder + "/one.png", toPath: "\(pictures)/\(name)")
      }
      try AtomicFile.write(text: "notes", to: pictures + "/c.txt")
      let both = try ProgramResult(["predict", "--run", run, pictures, "--json"])
      let json = try JSONValue(parsing: Array(both.output.utf8), path: "stdout")
      let files = json["predictions"]?.array?.compactMap { $0["file"]?.string }
      #expect(files == ["\(pictures)/a", "\(pictures)/b.jpg"])
    }
  }

  @Test func aColoredTerminalShowsWhatTheNetworkSaw() throws {
    try withRun { run, folder in
      let words = ["predict", "--run", run, folder + "/one.png"]
      let plain = try ProgramResult(words, environment: ["LC_ALL": "C.UTF-8"])
      #expect(!plain.output.contains("▀") && !plain.output.contains("\u{1B}"))
      let drawn = try ProgramResult(
        words + ["--color", "always"], environment: ["LC_ALL": "C.UTF-8"])
      #expect(drawn.output.contains("▀") && drawn.output.contains("dark ink, brought into"))
    }
  }

  @Test(arguments: [
    Failure(["predict"], "'emnist predict' needs FILE; see 'emnist predict --help'"),
    Failure(
      ["predict", "a.png", "--top", "0"], "--top must be from 1 to 256, got 0"),
    Failure(
      ["predict", "a.png", "--run", "/nowhere"], code: 66,
      "/nowhere: no such run, here or under runs/; name one that 'emnist train' wrote"),
  ])
  func mistakesAreNamed(failure: Failure) throws {
    let result = try ProgramResult(failure.words)
    #expect(result.errors == "emnist: \(failure.message)\n")
    #expect(result.code == failure.code && result.output == "")
  }
}
