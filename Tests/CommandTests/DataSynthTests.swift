import Datasets
import Foundation
import Support
import Testing

@testable import emnist

@Suite struct DataSynthTests {
  @Test func theHelpIsThis() throws {
    let help = try CommandPlace.root.descending(to: "data").descending(to: "synth").help
    #expect(
      help == """
        emnist data synth: write a data set of synthetic handwriting as IDX files

        Usage: emnist data synth [OPTION…]

        Examples:
          emnist data synth -o glyphs                    23,500 images in ./glyphs
          emnist data synth -o big --train-count 470000  many more

        Synthesis:
          -o, --out DIR        the directory to write, required
              --name NAME      of the data set, in the files' names (default: glyphs)
              --train-count N  training images (default: 18800)
              --test-count N   test images (default: 4700)
              --seed N         of every random number; the same seed gives the same run
                               (default: 0)
          -f, --force          overwrite files that exist

        Output:
          -q, --quiet          print the result and nothing else
          -h, --help           show this help

        The 47 classes of EMNIST Balanced, in equal numbers, in the layout of EMNIST's
        files. The same options give the same images, and more images only add to fewer.
        '--dataset synthetic' has the images that the defaults make.

        """)
  }

  @Test func aDirectoryIsNeeded() {
    #expect(
      message { _ = try command(DataSynthCommand.self, "") }
        == "'emnist synth' needs '--out DIR'; see 'emnist synth --help'")
  }

  @Test func theDefaultsMakeTheImagesOfTheDataSetCalledSynthetic() throws {
    var standard = SyntheticData.standard
    standard.name = "glyphs"
    let synth = try command(DataSynthCommand.self, "-o d")
    #expect(synth.data == standard)
  }

  @Test func theREADMEsCommandMakesTheFilesThatShip() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "Data/README.md"), encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.contains("emnist data synth") })
    let options = line.drop { $0 == " " }.dropFirst("emnist data synth ".count)
    let synth = try command(DataSynthCommand.self, String(options))
    #expect(synth.data == .shipped)
    #expect(synth.out == "Data")
  }

  @Test(arguments: ["letters", "synthetic", "Tiny", "a/b", "train", "two-words"])
  func namesThatFilesCannotHaveAreRefused(name: String) {
    #expect(
      message { _ = try command(DataSynthCommand.self, "-o d --name \(name)") }
        == "--name must be small letters, digits and underscores, and no known data set's name, "
        + "got '\(name)'")
  }

  @Test func theOutcomeIsATableAndTheNextCommand() throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let words = ["data", "synth", "-o", directory, "--train-count", "47", "--test-count", "0"]
    let result = try ProgramResult(words)
    #expect(result.code == 0)
    #expect(result.errors == "")
    #expect(result.output.hasSuffix("\nNext: emnist train --data \(directory)\n"))
    let again = try ProgramResult(words)
    #expect(again.code == 73)
    #expect(
      again.errors
        == "emnist: \(directory): the directory is not empty; choose another, or add --force\n")
    let forced = try ProgramResult(words + ["--force", "--quiet"])
    #expect(forced.code == 0)
    #expect(!forced.output.contains("Next:"))
  }
}
