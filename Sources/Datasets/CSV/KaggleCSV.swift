import Formats
import Support

/// A table of a label and 28 × 28 pixels a row, as Kaggle hands out EMNIST and MNIST.
///
/// The first row is a header if its first field is no number: EMNIST's tables have none, and
/// taking their first row for one loses an image.
public struct KaggleCSV: Equatable, Sendable {
  public static let side = 28
  static let columnCount = 1 + side * side

  /// The labels as they stand in the file, `[N]`.
  public let labels: [UInt8]
  /// The pixels in the file's order, `[N, 28, 28]`.
  public let pixels: [UInt8]

  /// Reads a file, gzip or plain.
  ///
  /// - Throws: ``FileError``, ``GzipError`` or ``CSVError``.
  public init(reading path: String) throws {
    try self.init(parsing: Gzip.contents(of: path), path: path)
  }

  /// Parses a file's bytes; `path` is its name in messages.
  ///
  /// - Throws: ``CSVError``.
  public init(parsing bytes: [UInt8], path: String) throws {
    var scanner = RowScanner(path: path)
    // A row has at least one digit and one separator a column.
    scanner.reserve(bytes.count / (2 * Self.columnCount))
    try bytes.withUnsafeBufferPointer { try scanner.scan($0) }
    guard !scanner.labels.isEmpty else { throw CSVError.empty(path: path) }
    labels = scanner.labels
    pixels = scanner.pixels
  }
}

/// Walks over the bytes once. Numbers are put together digit by digit, which is many times faster
/// than making a string of each.
private struct RowScanner {
  let path: String
  var labels: [UInt8] = []
  var pixels: [UInt8] = []
  private var line = 1
  private var position = 0

  init(path: String) { self.path = path }

  mutating func reserve(_ rowCount: Int) {
    labels.reserveCapacity(rowCount)
    pixels.reserveCapacity(rowCount * (KaggleCSV.columnCount - 1))
  }

  mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    if position < bytes.count, startsWithHeader(bytes) { skipLine(bytes) }
    while position < bytes.count {
      if isLineEnd(bytes, position) { skipLine(bytes) } else { try scanRow(bytes) }
    }
  }

  private func startsWithHeader(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    !isLineEnd(bytes, position) && Int(field(bytes, from: position)) == nil
  }

  private mutating func skipLine(_ bytes: UnsafeBufferPointer<UInt8>) {
    while position < bytes.count, bytes[position] != 10 { position += 1 }
    position += 1
    line += 1
  }

  private mutating func scanRow(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    let start = position
    var column = 0
    while true {
      column += 1
      let value = try scanNumber(bytes, column: column)
      if column == 1 { labels.append(value) } else { pixels.append(value) }
      guard position < bytes.count, bytes[position] == UInt8(ascii: ",") else { break }
      guard column < KaggleCSV.columnCount else { throw wrongWidth(bytes, from: start) }
      position += 1
    }
    guard column == KaggleCSV.columnCount else { throw wrongWidth(bytes, from: start) }
    skipLine(bytes)
  }

  /// Stops at the separator after the number.
  private mutating func scanNumber(
    _ bytes: UnsafeBufferPointer<UInt8>, column: Int
  ) throws -> UInt8 {
    let start = position
    var value = 0
    while position < bytes.count {
      let digit = bytes[position] &- UInt8(ascii: "0")
      if digit > 9 { break }
      value = min(value * 10 + Int(digit), 256)
      position += 1
    }
    let isComplete =
      position == bytes.count || bytes[position] == UInt8(ascii: ",") || isLineEnd(bytes, position)
    guard isComplete, position > start, value <= 255 else {
      let text = field(bytes, from: start)
      throw Int(text) == nil
        ? CSVError.notANumber(path: path, line: line, column: column, text: text)
        : CSVError.range(path: path, line: line, column: column, text: text)
    }
    return UInt8(value)
  }

  private func wrongWidth(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> CSVError {
    var count = 1
    var end = start
    while end < bytes.count, bytes[end] != 10 {
      if bytes[end] == UInt8(ascii: ",") { count += 1 }
      end += 1
    }
    return labels.count == 1 && count == KaggleCSV.columnCount - 1
      ? .unlabelled(path: path, line: line) : .columns(path: path, line: line, found: count)
  }

  private func isLineEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
    bytes[index] == 10
      || bytes[index] == 13 && (index + 1 == bytes.count || bytes[index + 1] == 10)
  }

  /// The start of the field's text.
  private func field(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> String {
    bytes[start...].prefix { $0 != UInt8(ascii: ",") && $0 != 10 && $0 != 13 }.excerpt
  }
}
