import Formats
import Support

/// Walks once over the bytes of a table whose columns are known. Whole numbers are put together
/// digit by digit, which is many times faster than making a text of each; other fields take longer.
struct CSVScanner {
  private let layout: CSVLayout
  private let path: String
  private let separator: UInt8
  private let isPlain: Bool
  private var line: Int
  private var position: Int
  private(set) var rowCount = 0
  private var numbers: [Int] = []
  /// In use once a label is no whole number.
  private var texts: [String]?
  private var bytes: [UInt8] = []
  /// In use once a pixel is no whole number from 0 to 255.
  private var floats: [Float]?

  init(_ layout: CSVLayout, path: String) {
    self.layout = layout
    self.path = path
    separator = layout.dialect.separator
    isPlain = layout.skipped.isEmpty
    (line, position) = (layout.firstLine, layout.firstRow)
  }

  var labels: StoredLabels { texts.map(StoredLabels.texts) ?? .numbers(numbers) }

  var pixels: NumberArray {
    let shape = [rowCount, layout.size.height, layout.size.width]
    guard let floats else { return NumberArray(.uint8, shape, bytes: bytes) }
    // They are plain numbers: all of their bytes are there.
    let words = unsafe floats.withUnsafeBytes { unsafe Array($0) }
    return NumberArray(.float32, shape, bytes: words, isBigEndian: 1 == 1.bigEndian)
  }

  mutating func reserve(_ count: Int) {
    numbers.reserveCapacity(count)
    bytes.reserveCapacity(count * layout.size.count)
  }

  /// - Throws: ``CSVError``.
  mutating func scan(_ text: Span<UInt8>) throws {
    while position < text.count {
      if isLineEnd(text, position) { skipLine(text) } else { try scanRow(text) }
    }
  }

  private mutating func scanRow(_ text: Span<UInt8>) throws {
    var column = 0
    let (start, startLine) = (position, line)
    while true {
      guard column < layout.columnCount else { throw wrongWidth(text, start, startLine) }
      try scanField(text, column)
      column += 1
      guard position < text.count, text[position] == separator else { break }
      position += 1
      // A separator at the end of the row.
      if column == layout.columnCount, position == text.count || isLineEnd(text, position) { break }
    }
    guard column == layout.columnCount else { throw wrongWidth(text, start, startLine) }
    rowCount += 1
    skipLine(text)
  }

  /// Takes a field and stops at the separator or the end of the line behind it.
  private mutating func scanField(_ text: Span<UInt8>, _ column: Int) throws {
    let start = position
    var value = 0
    while position < text.count {
      let digit = text[position] &- UInt8(ascii: "0")
      if digit > 9 { break }
      value = min(value * 10 + Int(digit), 1 << 40)
      position += 1
    }
    let isWhole =
      position > start && position - start <= 12
      && (position == text.count || text[position] == separator || isLineEnd(text, position))
    if isWhole, floats == nil, value <= 255, column != layout.labelColumn,
      isPlain || !layout.skipped.contains(column)
    {
      bytes.append(UInt8(value))
    } else if isWhole {
      take(value, column)
    } else {
      position = start
      try scanText(text, column)
    }
  }

  private mutating func take(_ value: Int, _ column: Int) {
    if column == layout.labelColumn {
      takeLabel(value)
    } else if !layout.skipped.contains(column) {
      takePixel(Double(value))
    }
  }

  private mutating func takeLabel(_ value: Int) {
    if texts == nil { numbers.append(value) } else { texts?.append("\(value)") }
  }

  private mutating func takePixel(_ value: Double) {
    if floats == nil, let byte = UInt8(exactly: value) {
      bytes.append(byte)
      return
    }
    if floats == nil {
      floats = bytes.map(Float.init)
      bytes = []
    }
    floats?.append(Float(value))
  }

  /// Takes a field with a sign, a point, quotes, spaces or letters.
  private mutating func scanText(_ text: Span<UInt8>, _ column: Int) throws {
    let field = try fieldText(text, column)
    if column == layout.labelColumn {
      guard !field.isEmpty else {
        throw CSVError.emptyField(path: path, line: line, column: column + 1)
      }
      if let number = layout.dialect.number(field), let whole = Int(exactly: number) {
        takeLabel(whole)
        return
      }
      if texts == nil { texts = numbers.map { "\($0)" } }
      texts?.append(field)
      return
    }
    guard !layout.skipped.contains(column) else { return }
    guard let number = layout.dialect.number(field),
      abs(number) <= Double(Float.greatestFiniteMagnitude)
    else {
      throw field.isEmpty
        ? CSVError.emptyField(path: path, line: line, column: column + 1)
        : .notANumber(path: path, line: line, column: column + 1, text: field.utf8.excerpt)
    }
    takePixel(number)
  }

  /// The field's text without quotes and the spaces around it.
  private mutating func fieldText(
    _ text: Span<UInt8>, _ column: Int
  ) throws -> String {
    var field: [UInt8] = []
    var isQuoted = false
    while position < text.count {
      let byte = text[position]
      if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
      } else if !isQuoted, byte == separator || isLineEnd(text, position) {
        break
      } else {
        field.append(byte)
      }
      guard field.count <= 200, byte != 10 else {
        throw CSVError.notANumber(
          path: path, line: line, column: column + 1, text: field.excerpt)
      }
      position += 1
    }
    return CSVDialect.text(field)
  }

  private mutating func skipLine(_ text: Span<UInt8>) {
    while position < text.count, text[position] != 10 { position += 1 }
    position += 1
    line += 1
  }

  private func wrongWidth(
    _ text: Span<UInt8>, _ start: Int, _ line: Int
  ) -> CSVError {
    var (found, place) = (1, start)
    while place < text.count, text[place] != 10 {
      if text[place] == separator { found += 1 }
      place += 1
    }
    return .columns(path: path, line: line, found: found, expected: layout.columnCount)
  }

  private func isLineEnd(_ text: Span<UInt8>, _ index: Int) -> Bool {
    text[index] == 10 || text[index] == 13 && (index + 1 == text.count || text[index + 1] == 10)
  }
}
