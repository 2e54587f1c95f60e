import Datasets
import Support
import TestSupport
import Testing
import TestSupport

@Suite struct ClassTableTests {
  @Test func builtInTablesHaveTheirSizes() {
    #expect(ClassTable.digits.count == 10)
    #expect(ClassTable.byClass.count == 62)
    #expect(ClassTable.byMerge.count == 47)
    #expect(ClassTable.letters.count == 26)
  }

  @Test func tablesAreInOrder() {
    #expect(ClassTable.byClass.labels[35...37] == ["Z", "a", "b"])
    #expect(ClassTable.byMerge.labels[35...].joined() == "Zabdefghnqrt")
    #expect(ClassTable.letters.labels.joined() == "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
  }

  @Test func storedLettersStartAtOne() {
    #expect(ClassTable.letters.index(ofStored: 1) == 0)
    #expect(ClassTable.letters.index(ofStored: 26) == 25)
    #expect(ClassTable.letters.index(ofStored: 0) == nil)
    #expect(ClassTable.letters.index(ofStored: 27) == nil)
  }

  func parse(_ text: String) throws -> ClassTable {
    try ClassTable(parsingMapping: Array(text.utf8), path: "m.txt")
  }

  @Test(arguments: ["0 48\n1 65\n", "0 48\r\n1 65\r\n", "0\t48\n\n 1  65", "1 65\r\n\r\n0 48\r\n"])
  func everyLineEndingAndSeparatorIsRead(text: String) throws {
    #expect(try parse(text) == ClassTable(labels: ["0", "A"]))
  }

  @Test(arguments: ["1 65 97\n2 66 98\n", "1 97 65\r\n2 98 66\r\n"])
  func twoCasesShowTheUpperOne(text: String) throws {
    #expect(try parse(text) == ClassTable(labels: ["A", "B"], firstLabel: 1))
  }

  @Test(arguments: [
    "0 cat\n1 dog\n2 fish\n", "\u{FEFF}0 cat\r\n1 dog\r\n2 fish\r\n", "cat\ndog\nfish\n",
    "index,name\n0,cat\n1,dog\n2,fish", "0\tcat\n2\tfish\n1\tdog",
  ])
  func namesAreRead(text: String) throws {
    #expect(try parse(text) == ClassTable(labels: ["cat", "dog", "fish"]))
  }

  @Test func namesAreAnyText() throws {
    #expect(
      try parse("0 ice cream\n1 あ\n2 7\n") == ClassTable(labels: ["ice cream", "あ", "7"]))
    #expect(try parse("\u{FEFF}0 48\n1 12354\n") == ClassTable(labels: ["0", "あ"]))
  }

  struct BadCase: Sendable, CustomTestStringConvertible {
    let text: String
    let problem: String
    var testDescription: String { problem }

    init(_ text: String, _ problem: String) {
      self.text = text
      self.problem = problem
    }

    static func malformed(_ text: String, line: Int, _ shown: String) -> BadCase {
      BadCase(
        text,
        "line \(line) is '\(shown)', expected a label and a character's code or a name, like"
          + " '10 65' or '3 fish'; correct it")
    }
  }

  @Test(arguments: [
    BadCase("", "no line maps a label to a character; expected lines like '10 65'"),
    .malformed("0 48\nx 65\n", line: 2, "x 65"),
    .malformed("0\n", line: 1, "0"),
    .malformed("0 65\n-1 48\n", line: 2, "-1 48"),
    .malformed("0 65\n9223372036854775807 48\n", line: 2, "9223372036854775807 48"),
    .malformed("0 48\n\u{1B}c\n", line: 2, "?c"),
    BadCase("0 32\n", "line 1 has character code 32, which is no character that shows; correct it"),
    BadCase(
      "0 48\n1 65 127\n",
      "line 2 has character code 127, which is no character that shows; correct it"),
    BadCase(
      "0 48\n1 49\n2 50\n3",
      "line 4 is '3', expected a label and a character's code or a"
        + " name, like '10 65' or '3 fish'; correct it"),
    BadCase("0 48\n1 49\n0 50\n", "line 3 maps label 0 a second time; remove one of the lines"),
    BadCase(
      "1 48\n3 49\n",
      "label 2 is missing, labels must follow each other without a gap; add its line"),
    BadCase(
      (0...65_535).map { "\($0) 65\n" }.joined(),
      "maps 65536 labels, at most 65535 are possible; use fewer classes"),
  ])
  func badMappingIsExplained(_ example: BadCase) {
    #expect(message { try parse(example.text) } == "m.txt: " + example.problem)
  }

  @Test func errorsAreDataErrors() { #expect(MappingError.empty(path: "").exitCode == .dataError) }
}
