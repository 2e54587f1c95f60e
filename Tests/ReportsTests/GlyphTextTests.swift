import Reports
import Testing

@Suite struct GlyphTextTests {
  /// A diagonal of full ink through 4 × 4 pixels.
  private let diagonal: [UInt8] = (0..<16).map { $0 % 5 == 0 ? 255 : 0 }

  private func row(
    _ images: [[UInt8]], side: Int = 4, labels: [String] = ["A"], on terminal: Terminal
  ) -> String {
    GlyphText(labels: labels, height: side, width: side, terminal: terminal)
      .row(labels[0], images: images)
  }

  @Test func withoutColorAndUnicodeACharacterIsTheMeanOfTwoPixels() {
    #expect(row([diagonal], on: .ascii) == "  ==\nA   ==\n")
  }

  @Test func withoutColorACharacterHasEightDots() {
    // Dots 1, 5 in the first character; 3, 8 in the second.
    #expect(row([diagonal, diagonal], on: .plain) == "A ⠑⢄ ⠑⢄\n")
  }

  @Test func withColorAHalfBlockHasTwoShades() {
    #expect(
      row([[255, 255, 100, 0]], side: 2, on: .color)
        == "\u{1B}[1mA\u{1B}[0m \u{1B}[38;5;231;48;5;241m▀\u{1B}[38;5;231;48;5;16m▀\u{1B}[0m\n")
  }

  @Test func withColorButWithoutUnicodeTheBackgroundIsShaded() {
    var terminal = Terminal.color
    terminal.allowsUnicode = false
    #expect(
      row([[255, 0, 255, 0]], side: 2, on: terminal)
        == "\u{1B}[1mA\u{1B}[0m \u{1B}[48;5;231m \u{1B}[48;5;16m \u{1B}[0m\n")
  }

  @Test func noLineIsWiderThanTheTerminal() {
    let glyph = [UInt8](repeating: 255, count: 784)
    for (width, columns) in [(80, 4), (20, 1), (8, 1)] {
      var terminal = Terminal.ascii
      terminal.width = width
      let view = GlyphText(labels: ["T-shirt"], height: 28, width: 28, terminal: terminal)
      #expect(view.columns == columns)
      let lines = view.row("T-shirt", images: Array(repeating: glyph, count: 3))
        .split(separator: "\n")
      #expect(!lines.isEmpty && lines.allSatisfy { $0.count <= max(width, 22) })
    }
  }

  @Test func picturesOfAnySizeAreShrunkTo14Columns() {
    for side in [1, 14, 15, 20, 28, 64, 100] {
      let text = row([[UInt8](repeating: 255, count: side * side)], side: side, on: .ascii)
      let widest = text.split(separator: "\n").map(\.count).max() ?? 0
      #expect((2 + 1...2 + 14).contains(widest))
      if side % 14 == 0 { #expect(widest == 2 + 14) }
    }
  }

  @Test func whatDoesNotFitGoesBelow() {
    var terminal = Terminal.plain
    terminal.width = 6
    let text = row([diagonal, diagonal], on: terminal)
    #expect(text == "A ⠑⢄\n  ⠑⢄\n")
  }
}
