import Datasets
import Formats
import Support
import TestSupport
import Testing
import TestSupport

@Suite struct KaggleCSVTests {
  /// A row of `label` and pixels 0, 1, 2, … modulo 256.
  func row(_ label: String, pixels: Int = 784) -> String {
    ([label] + (0..<pixels).map { String($0 % 256) }).joined(separator: ",")
  }

  func parse(_ text: String) throws -> KaggleCSV {
    try KaggleCSV(parsing: Array(text.utf8), path: "t.csv")
  }

  @Test(arguments: ["\n", "\r\n"])
  func headerIsTakenOnlyForWhatItIs(lineEnd: String) throws {
    let header = (["label"] + (0..<784).map { "pixel\($0)" }).joined(separator: ",")
    let rows = row("45") + lineEnd + row("7")
    let expected = (0..<784).map { UInt8($0 % 256) }
    for text in [rows, rows + lineEnd + lineEnd, header + lineEnd + rows, "\u{FEFF}" + rows] {
      let table = try parse(text)
      #expect(table.labels == [45, 7])
      #expect(table.pixels == expected + expected)
    }
  }

  @Test func gzipTableIsRead() throws {
    try withTemporaryFolder { folder in
      let path = try folder.write("t.csv", Gzip.compress(Array(row("3").utf8)))
      #expect(try KaggleCSV(reading: path).labels == [3])
    }
  }

  @Test func emptyTablesAreExplained() {
    let text = "t.csv: holds no row of a label and 784 pixels; download it again"
    #expect(message { try parse("") } == text)
    #expect(message { try parse("label,pixel0\n") } == text)
  }

  @Test func wrongWidthNamesLineAndColumns() {
    #expect(
      message { try parse(row("1") + "\n" + row("1", pixels: 783)) }
        == "t.csv: line 2 has 784 columns, expected 785 (a label and 784 pixels);"
        + " download it again")
    #expect(
      message { try parse(row("1", pixels: 785)) }
        == "t.csv: line 1 has 786 columns, expected 785 (a label and 784 pixels);"
        + " download it again")
    #expect(
      message { try parse("5\n") }
        == "t.csv: line 1 has 1 column, expected 785 (a label and 784 pixels); download it again")
  }

  @Test func tableWithoutLabelsIsRecognized() {
    let header = (0..<784).map { "pixel\($0)" }.joined(separator: ",")
    #expect(
      message { try parse(header + "\n" + row("0", pixels: 783)) }
        == "t.csv: line 2 has 784 columns, pixels without a label; use a file with labels")
  }

  @Test func badFieldsNameLineAndColumn() {
    #expect(
      message { try parse(row("1") + "\n3,1.5,2\n") }
        == "t.csv: line 2, column 2 is '1.5', expected a whole number; correct it")
    #expect(
      message { try parse("3,\u{1B}[2J,2\n") }
        == "t.csv: line 1, column 2 is '?[2J', expected a whole number; correct it")
    #expect(
      message { try parse("3,,2\n") }
        == "t.csv: line 1, column 2 is '', expected a whole number; correct it")
    #expect(
      message { try parse("3,7,256\r\n") }
        == "t.csv: line 1, column 3 is 256, expected 0 to 255; correct it")
    #expect(
      message { try parse("-1,7\n") }
        == "t.csv: line 1, column 1 is -1, expected 0 to 255; correct it")
  }

  @Test func errorsAreDataErrors() { #expect(CSVError.empty(path: "").exitCode == .dataError) }
}
