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
}
