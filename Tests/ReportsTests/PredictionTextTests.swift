import Datasets
import Formats
import Support
import Testing

@testable import Analysis
@testable import Reports

@Suite struct PredictionTextTests {
  private func prediction(_ index: Int = 0) throws -> PicturePrediction {
    let pixels = (0..<16).map { $0 % 5 == 0 ? UInt8(255) : 0 }
    let images = ImageSet(height: 4, width: 4, pixels: pixels, labels: [0])
    let form = try #require(CharacterForm(of: Selection(images)))
    let picture = try #require(
      PreparedPicture(
        GrayPicture(width: 4, height: 4, pixels: pixels), form: form, height: 4, width: 4,
        inkIsDark: false))
    return PicturePrediction(
      file: "scan.png", index: index, picture: picture, height: 4, width: 4,
      probabilities: [0.25, 0.5, 0, 0.25])
  }

  private func text(
    _ predictions: [PicturePrediction], top: Int = 3, on terminal: Terminal
  ) -> String {
    PredictionText(labels: ["a", "bb", "c", "d"], top: top, terminal: terminal).text(predictions)
  }

  @Test func elsewhereAPictureIsALine() throws {
    #expect(try text([prediction()], on: .plain) == "scan.png: bb 50.0 %, a 25.0 %, d 25.0 %\n")
    #expect(
      try text([prediction(0), prediction(1)], top: 1, on: .ascii)
        == "scan.png 0: bb 50.0 %\nscan.png 1: bb 50.0 %\n")
  }

  @Test func aTerminalWithColorShowsWhatTheNetworkSaw() throws {
    let lines = try text([prediction()], on: .color).split(
      separator: "\n", omittingEmptySubsequences: false)
    let plain = lines.map { $0.replacing(/\u{1B}\[[0-9;]*m/, with: "") }
    #expect(
      plain == [
        "▀▀▀▀  scan.png", "▀▀▀▀  light ink, taken as it is", "      bb   50.0 %",
        "      a    25.0 %", "      d    25.0 %", "", "",
      ])
    var ascii = Terminal.color
    ascii.allowsUnicode = false
    #expect(try text([prediction()], on: ascii).allSatisfy(\.isASCII))
  }

  @Test func theObjectHasTheContractsKeys() throws {
    let json = try prediction(7).json(labels: ["a", "b", "c", "d"], top: 2)
    #expect(
      json.text()
        == #"{"file":"scan.png","index":7,"label":"b","probability":0.5,"inverted":false,"#
        + #""form":"none","top":[{"label":"b","probability":0.5},{"label":"a","probability":0.25}]}"#
    )
  }
}
