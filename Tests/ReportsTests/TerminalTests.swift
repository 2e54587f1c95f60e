import Reports
import Testing

@Suite struct TerminalTests {
  private func terminal(
    isTerminal: Bool = true, windowWidth: Int? = nil, color: ColorChoice = .auto,
    _ environment: [String: String]
  ) -> Terminal {
    Terminal(
      isTerminal: isTerminal, windowWidth: windowWidth, color: color, environment: environment)
  }

  @Test func aTerminalHasColorAndAFileHasNone() {
    #expect(terminal([:]).allowsColor)
    #expect(terminal([:]).canRedraw)
    #expect(!terminal(isTerminal: false, [:]).allowsColor)
    #expect(!terminal(isTerminal: false, [:]).canRedraw)
  }

  @Test func aDumbTerminalIsLikeAFile() {
    #expect(!terminal(["TERM": "dumb"]).allowsColor)
    #expect(!terminal(["TERM": "dumb"]).canRedraw)
  }

  @Test func theOptionWinsOverTheEnvironmentAndNoColorOverForceColor() {
    #expect(!terminal(["NO_COLOR": "1"]).allowsColor)
    #expect(terminal(["NO_COLOR": ""]).allowsColor)
    #expect(terminal(isTerminal: false, ["FORCE_COLOR": "1"]).allowsColor)
    #expect(!terminal(["FORCE_COLOR": "0"]).allowsColor)
    #expect(!terminal(["NO_COLOR": "1", "FORCE_COLOR": "1"]).allowsColor)
    #expect(terminal(isTerminal: false, color: .always, ["NO_COLOR": "1"]).allowsColor)
    #expect(!terminal(color: .never, ["FORCE_COLOR": "1"]).allowsColor)
  }

  @Test func theWidthIsThatOfColumnsThenTheWindowThenEighty() {
    #expect(terminal(windowWidth: 120, ["COLUMNS": "100"]).width == 100)
    #expect(terminal(windowWidth: 120, ["COLUMNS": "many"]).width == 120)
    for width in ["0", "-3", "10001", "9223372036854775807"] {
      #expect(terminal(windowWidth: 120, ["COLUMNS": width]).width == 120)
    }
    #expect(terminal([:]).width == 80)
  }

  @Test func unicodeIsShownWhereTheLocaleIsUTF8() {
    #expect(terminal(["LANG": "de_DE.UTF-8"]).allowsUnicode)
    #expect(terminal(["LC_CTYPE": "C.utf8"]).allowsUnicode)
    #expect(!terminal(["LANG": "C"]).allowsUnicode)
    #expect(!terminal([:]).allowsUnicode)
    #expect(!terminal(["LC_ALL": "C", "LANG": "de_DE.UTF-8"]).allowsUnicode)
    #expect(terminal(["LC_ALL": "", "LANG": "de_DE.UTF-8"]).allowsUnicode)
  }
}

extension Terminal {
  static let plain = Terminal(width: 80, canRedraw: false, allowsColor: false, allowsUnicode: true)
  static let ascii = Terminal(width: 80, canRedraw: false, allowsColor: false, allowsUnicode: false)
  static let color = Terminal(width: 80, canRedraw: true, allowsColor: true, allowsUnicode: true)
}
