import Formats
import Support
import TestSupport
import Testing

@testable import Datasets

@Suite struct PixelTableTests {
  /// Pixels of a 4 × 4 picture of that number, the rim 0.
  private static func pixels(_ image: Int) -> [Int] {
    (0..<16).map { pixel in
      [5, 6, 9, 10].contains(pixel) ? (image * 37 + pixel * 91) % 256 : 0
    }
  }

  /// A table of 30 pictures of classes 0 to 9, written in any way.
  private static func table(
    header: [String]? = nil, labelLast: Bool = false, separator: String = ",", tail: String = "",
    lineEnd: String = "\n", index: Bool = false, label: (Int) -> String = { "\($0 * 7 % 10)" },
    text: (Int) -> String = { "\($0)" }
  ) -> String {
    let rows = (0..<30).map { image -> String in
      let cells = pixels(image).map(text)
      let row = labelLast ? cells + [label(image)] : [label(image)] + cells
      return ((index ? ["\(image)"] : []) + row).joined(separator: separator) + tail
    }
    return ((header.map { [$0.joined(separator: separator)] } ?? []) + rows)
      .joined(separator: lineEnd)
  }

  private static let names = (0..<16).map { "pixel\($0)" }
  private static let labels = (0..<30).map { $0 * 7 % 10 }

  private static func parse(
    _ text: String, _ hints: PixelTable.Hints = .init()
  ) throws -> PixelTable {
    try PixelTable(parsing: Array(text.utf8), path: "t.csv", hints)
  }

  struct Writing: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
    var decision: String

    init(_ name: String, _ text: String, _ decision: String) {
      (testDescription, self.text, self.decision) = (name, text, decision)
    }
  }

  static let writings = [
    Writing("plain", table(), "labels: column the first of 17, by its numbers"),
    Writing(
      "CRLF, empty lines and a mark", "\u{FEFF}" + table(lineEnd: "\r\n") + "\r\n\r\n",
      "labels: column the first of 17, by its numbers"),
    Writing("header", table(header: ["label"] + names), "labels: column 'label', the first of 17"),
    Writing(
      "named last", table(header: names + ["class"], labelLast: true),
      "labels: column 'class', the last of 17"),
    Writing("last", table(labelLast: true), "labels: column the last of 17, by its numbers"),
    Writing(
      "quotes", table(header: ["\"label\""] + names, text: { "\"\($0)\"" }),
      "labels: column 'label', the first of 17"),
    Writing(
      "semicolons", table(header: ["Target"] + names, separator: ";"),
      "labels: column 'Target', the first of 17"),
    Writing(
      "tabs", table(separator: "\t"), "labels: column the first of 17, by its numbers"),
    Writing(
      "commas at the end", table(tail: ","), "labels: column the first of 17, by its numbers"),
    Writing(
      "commas at the end and a header", table(header: ["y"] + names, tail: ","),
      "labels: column 'y', the first of 17"),
    Writing("spaces", table(separator: ", "), "labels: column the first of 17, by its numbers"),
    Writing(
      "numbers for names", table(header: ["label"] + (0..<16).map(String.init)),
      "labels: column 'label', the first of 17"),
    Writing(
      "an index without a name", table(header: ["", "label"] + names, index: true),
      "labels: column 'label', number 2 of 18"),
    Writing(
      "an index by its numbers", table(index: true),
      "labels: column number 2 of 18, by its numbers"),
  ]

  @Test(arguments: writings)
  func everyWritingIsRead(_ writing: Writing) throws {
    let table = try Self.parse(writing.text)
    #expect(table.labels == .numbers(Self.labels))
    #expect(table.pixels.shape == [30, 4, 4])
    #expect(table.pixels.element == .uint8)
    #expect(table.pixels.doubles() == (0..<30).flatMap(Self.pixels).map(Double.init))
    #expect(table.decisions.first?.description == writing.decision)
  }

  @Test func decimalsAreRead() throws {
    for (text, separator) in [("0.25", ","), ("0,25", ";"), ("2.5e-1", "\t"), ("+0.250", ",")] {
      let written = Self.table(separator: separator, text: { $0 == 0 ? "0" : text })
      let table = try Self.parse(written)
      #expect(table.pixels.element == .float32)
      let expected = (0..<30).flatMap(Self.pixels).map { $0 == 0 ? 0 : 0.25 }
      #expect(table.pixels.doubles() == expected)
      #expect(table.labels == .numbers(Self.labels))
    }
  }

  @Test func numbersAboveAByteAreKept() throws {
    let table = try Self.parse(Self.table(text: { "\($0 * 257)" }))
    #expect(table.pixels.doubles().max() == Double((0..<30).flatMap(Self.pixels).max()! * 257))
  }

  @Test(arguments: [false, true])
  func lettersAreLabels(isLast: Bool) throws {
    let label = { (image: Int) in String(UnicodeScalar(UInt8(65 + image % 5))) }
    let table = try Self.parse(Self.table(labelLast: isLast, label: label))
    #expect(table.labels == .texts((0..<30).map(label)))
    let mixed = try Self.parse(Self.table(label: { $0 < 5 ? "\($0)" : "x" }))
    #expect(mixed.labels == .texts((0..<30).map { $0 < 5 ? "\($0)" : "x" }))
  }

  @Test func labelsAsFloatsAreWhole() throws {
    let table = try Self.parse(Self.table(label: { "\($0 * 7 % 10).0" }))
    #expect(table.labels == .numbers(Self.labels))
  }

  @Test func aPersonSaysWhichColumn() throws {
    let text = Self.table(header: Self.names + ["what"], labelLast: true)
    for column in ["what", "WHAT", "last", "17"] {
      let table = try Self.parse(text, .init(labelColumn: column))
      #expect(table.labels == .numbers(Self.labels))
    }
    #expect(
      message { try Self.parse(text, .init(labelColumn: "wat")) }
        == "t.csv: has no column 'wat' among its 17 (pixel0, pixel1, pixel2, …)")
  }

  @Test func sizesComeFromNamesOrAPerson() throws {
    let wide = (0..<2).flatMap { row in (0..<8).map { "\(row + 1)x\($0 + 1)" } }
    let named = try Self.parse(Self.table(header: ["label"] + wide))
    #expect(named.pixels.shape == [30, 2, 8])
    #expect(named.decisions.last == .size(ImageSize(height: 2, width: 8)))
    let told = try Self.parse(Self.table(), .init(size: ImageSize(height: 8, width: 2)))
    #expect(told.pixels.shape == [30, 8, 2])
    #expect(
      message { try Self.parse(Self.table(), .init(size: ImageSize(height: 5, width: 2))) }
        == "t.csv: line 1 has 17 columns, which are not a label and the pixels of a square picture")
  }

  @Test func filesSortedByClassAreToldFromPixels() throws {
    // As EMNIST's letters test part is.
    let rows = (0..<1000).map { image in
      (["\(image / 100 + 1)"] + Self.pixels(image).map(String.init)).joined(separator: ",")
    }
    let table = try Self.parse(rows.joined(separator: "\n"))
    #expect(table.labels == .numbers((0..<1000).map { $0 / 100 + 1 }))
  }

  @Test func whatStaysUnclearIsRefused() {
    let both = (0..<30).map { "\($0 % 10)" + String(repeating: ",7", count: 15) + ",\($0 % 9)" }
    #expect(
      message { try Self.parse(both.joined(separator: "\n")) }
        == "t.csv: which of its 17 columns holds the labels is not clear, neither by a name nor by"
        + " its numbers")
    let names = ["label", "class"] + (0..<15).map { "p\($0)" }
    #expect(
      message { try Self.parse(Self.table(header: names)) }
        == "t.csv: columns 'label' and 'class' may all be the label"
    )
  }

  @Test func tablesWithoutLabelsAreRead() throws {
    let rows = (0..<30).map { Self.pixels($0).map(String.init).joined(separator: ",") }
    for text in [rows, [Self.names.joined(separator: ",")] + rows].map({
      $0.joined(separator: "\n")
    }) {
      #expect(
        message { try Self.parse(text) }
          == "t.csv: has 16 columns, pixels without a label; use a file with labels")
      let table = try Self.parse(text, .init(isUnlabelled: true))
      #expect(table.labels == nil)
      #expect(table.pixels.shape == [30, 4, 4])
    }
    let labelled = try Self.parse(Self.table(), .init(isUnlabelled: true))
    #expect(labelled.labels == nil)
    #expect(labelled.pixels.shape == [30, 4, 4])
  }

  @Test func gzipTablesAreRead() throws {
    try withTemporaryFolder { folder in
      let path = try folder.write("t.csv", Gzip.compress(Array(Self.table().utf8)))
      #expect(try PixelTable(reading: path).labels == .numbers(Self.labels))
    }
  }

  struct BadTable: Sendable, CustomTestStringConvertible {
    let text: String
    let sentence: String
    var testDescription: String { sentence }

    init(_ text: String, _ sentence: String) { (self.text, self.sentence) = (text, sentence) }
  }

  @Test(arguments: [
    BadTable("", "holds no row of a label and pixels; download it again"),
    BadTable("label,pixel0\n", "holds no row of a label and pixels; download it again"),
    BadTable(
      "5\n", "has 1 column, no label and pixels beside each other; separate the columns with commas"
    ),
    BadTable(
      table() + "\n1,2,3\n", "line 31 has 3 columns, expected 17 as in the first row; correct it"),
    BadTable(
      table() + "\n1" + String(repeating: ",2", count: 17),
      "line 31 has 18 columns, expected 17 as in the first row; correct it"),
    BadTable(
      table() + "\n1,\u{1B}[2J,2\n", "line 31, column 2 is '?[2J', expected a number; correct it"),
    BadTable(table() + "\n1,,2\n", "line 31, column 2 is empty, expected a number; correct it"),
    BadTable(table() + "\n,1,2\n", "line 31, column 1 is empty, expected a number; correct it"),
    BadTable(table() + "\n1,nan,2\n", "line 31, column 2 is 'nan', expected a number; correct it"),
    BadTable(
      table() + "\n1,1e999,2\n", "line 31, column 2 is '1e999', expected a number; correct it"),
    BadTable(
      table() + "\n1,\"2\n3\",2\n", "line 31, column 2 is '2?', expected a number; correct it"),
    BadTable("a\0b", "is no text, so no table; check the name"),
  ])
  func whatIsWrongIsSaid(_ table: BadTable) {
    #expect(message { try Self.parse(table.text) } == "t.csv: \(table.sentence)")
  }
}
