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
          emnist predict photo.png                with the newest run under runs/
          emnist predict --run runs/cnn-1 *.png   many, with a certain run
          emnist predict --json --top 5 scan.pgm  for programs

        Arguments:
          FILE  a picture of one character, a directory of such, - for standard input,
                or a file of images such as IDX

        Prediction:
              --run RUN         the run directory whose best checkpoint answers
                                (default: the newest under runs/)
              --top N           classes shown of each picture (default: 3)
              --[no-]invert     whether ink is dark on light paper (default: the border
                                tells)
              --[no-]transpose  whether pictures are stored lying on their side, as
                                EMNIST's are
          -j, --threads N       threads, for speed only: the result is the same
                                (default: one a processor)

        Output:
              --json            print one JSON object instead of text
          -q, --quiet           print the result and nothing else
              --color WHEN      colored text: auto, always or never (default: auto)
          -h, --help            show this help

        A photo or scan is brought into the form of the images that the run was trained
        on: paper levelled, dirt removed, the character centered, 28 x 28 pixels. A
        picture of that size with a clean border is taken as it is. On a terminal with
        color what the network saw is drawn beside the answer.

        --json prints schema, run and predictions, each with file, index (in an IDX
        file), label, probability, inverted, form (none, emnist or mnist) and top
        (label, probability). A file that cannot be read is named, the others are
        classified, and the exit code is its own.

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
      #expect(predictions[0]["inverted"] == true && predictions[0]["form"] == "emnist")
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
      #expect(drawn.output.contains("▀") && drawn.output.contains("dark ink, centered as EMNIST's"))
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
