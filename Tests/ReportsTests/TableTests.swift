import Reports
import Testing

@Suite struct TableTests {
  private var example: Table {
    var table = Table([.left("layer"), .right("parameters"), .left("note")])
    table.add(["conv1", "320", "3 x 3"])
    table.add(["dense", "1,290"])
    table.addRule()
    table.add(["total", "1,610"])
    return table
  }

  @Test func columnsAreAlignedAndLinesHaveNoSpaceAtTheirEnd() {
    #expect(
      example.text(for: .ascii) == """
        layer  parameters  note
        -----  ----------  -----
        conv1         320  3 x 3
        dense       1,290
        -----  ----------  -----
        total       1,610

        """)
  }

  @Test func unicodeAndColorChangeOnlyRulesAndHeader() {
    let lines = example.text(for: .color).split(separator: "\n")
    #expect(lines[0] == "\u{1B}[1mlayer  parameters  note\u{1B}[0m")
    #expect(lines[1] == "\u{1B}[2m─────  ──────────  ─────\u{1B}[0m")
    #expect(lines[2] == "conv1         320  3 x 3")
  }

  @Test func wideCharactersTakeTwoColumns() {
    var table = Table([.left("a"), .right("n")])
    table.add(["お", "1"])
    table.add(["abc", "22"])
    #expect(table.text(for: .ascii) == "a     n\n---  --\nお    1\nabc  22\n")
  }

  private func window(_ width: Int) -> Terminal {
    Terminal(width: width, canRedraw: true, allowsColor: false, allowsUnicode: false)
  }

  @Test func aNarrowWindowGoesWithoutWhatMattersLeastAndSaysSo() {
    var table = Table([.left("run"), .right("size", rank: 2), .right("accuracy", rank: 1)])
    table.add(["cnn-1", "172,847", "99.54 %"])
    #expect(
      table.text(for: window(20), elsewhere: "runs.csv") == """
        run    accuracy
        -----  --------
        cnn-1   99.54 %
        not shown here: size; see runs.csv

        """)
    #expect(table.text(for: window(24)).hasPrefix("run       size  accuracy\n"))
    var pipe = window(20)
    pipe.canRedraw = false
    #expect(table.text(for: pipe).hasPrefix("run       size  accuracy\n"))
  }

  @Test func phrasesGoOnInTheNextLineOfANarrowWindow() {
    var table = Table([.left("model"), .phrases("what it is")])
    table.add(["cnn", "a convolutional network of four layers"])
    table.add(["mlp", "a perceptron"])
    #expect(
      table.text(for: window(27)) == """
        model  what it is
        -----  --------------------
        cnn    a convolutional
               network of four
               layers
        mlp    a perceptron

        """)
    #expect(table.text(for: .ascii).contains("cnn    a convolutional network of four layers\n"))
  }
}
