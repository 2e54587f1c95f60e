import Interchange
import Platform
import Support

/// A CSV file of a header and rows of plain numbers, as a run writes them.
public struct NumberTable {
  /// A row's numbers; an empty field is NaN.
  public struct Row {
    fileprivate(set) var numbers: [Double]
    fileprivate(set) var empty: [Bool]

    public subscript(column: Int) -> Double { numbers[column] }

    public func isEmpty(_ column: Int) -> Bool { empty[column] }
  }

  private let path: String
  /// The file, and a 0 behind it, at which reading a number stops.
  private let bytes: [UInt8]
  private let header: [String]
  private let start: Int

  /// - Throws: ``FileError``.
  public init(path: String) throws {
    self.path = path
    let content = try readFile(path, as: .table)
    bytes = content + [0]
    let end = content.firstIndex(of: newline) ?? content.count
    header = String(decoding: content[..<end], as: UTF8.self)
      .split(separator: ",", omittingEmptySubsequences: false)
      .map { String($0.filter { $0 != "\r" }) }
    start = min(end + 1, content.count)
  }

  /// The CRC-32 of the file.
  public var check: String { CRC32.digits(Array(bytes.dropLast())) }

  /// An upper bound.
  public var rowCount: Int { bytes.lazy.filter { $0 == newline }.count }

  /// The place of a column.
  ///
  /// - Throws: ``RecordError/noColumn(path:name:)``.
  public func column(_ name: String) throws -> Int {
    guard let index = header.firstIndex(of: name) else {
      throw RecordError.noColumn(path: path, name: name)
    }
    return index
  }

  /// Calls `body` with every row and its line, counted from 1.
  ///
  /// - Throws: ``RecordError/badRow(path:line:expected:)`` where there are other than the header's
  ///   columns or what is no number.
  public func forEachRow(_ body: (Int, Row) throws -> Void) throws {
    let width = header.count
    var row = Row(
      numbers: [Double](repeating: 0, count: width), empty: [Bool](repeating: true, count: width))
    var (place, line) = (start, 2)
    while place < bytes.count - 1 {
      for column in 0..<width {
        guard let end = read(from: place, column, into: &row) else {
          throw RecordError.badRow(path: path, line: line, expected: "\(width) numbers")
        }
        place = end + 1
      }
      try body(line, row)
      line += 1
    }
  }

  /// Reads a field and returns where its separator stands; `nil` if the field is not a number
  /// before the separator that belongs there.
  private func read(from place: Int, _ column: Int, into row: inout Row) -> Int? {
    guard place < bytes.count else { return nil }
    let isLast = column == header.count - 1
    var end = place
    row.empty[column] = Self.isSeparator(bytes[place])
    if row.empty[column] {
      row.numbers[column] = .nan
    } else {
      // It would skip white space, the line's end too.
      guard bytes[place] > UInt8(ascii: " ") else { return nil }
      (row.numbers[column], end) = number(at: place)
      guard end > place else { return nil }
    }
    if bytes[end] == UInt8(ascii: "\r") { end += 1 }
    let separator = bytes[end]
    return (isLast ? separator == newline || separator == 0 : separator == UInt8(ascii: ","))
      ? end : nil
  }

  /// A number, and the place behind it; that of the number itself where there is none.
  private func number(at place: Int) -> (value: Double, end: Int) {
    // `strtod` reads until what is no number, at the latest until the 0 at the end of the bytes.
    unsafe bytes.withUnsafeBytes {
      let text = unsafe $0.bindMemory(to: CChar.self).baseAddress! + place
      var stop: UnsafeMutablePointer<CChar>?
      let value = unsafe strtod(text, &stop)
      return unsafe (value, place + (stop.map { unsafe UnsafePointer($0) - text } ?? 0))
    }
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == newline || byte == UInt8(ascii: "\r") || byte == 0
  }
}

private let newline = UInt8(ascii: "\n")

/// How far the numbers go that a run's files can hold; beyond that somebody edited them, and sums
/// of them could not be counted.
public enum RecordBounds {
  /// Of epochs and steps.
  public static let count = 0...1_000_000_000_000_000
  /// Of images, which have a number of 31 bits.
  public static let images = 0...Int(Int32.max)
  /// More than a century.
  public static let seconds = 0...4e9
  /// Of images a second.
  public static let speed = 0...1e15
}

/// A file of a run that is not as `emnist` wrote it.
public enum RecordError: UserError, Equatable {
  case badKey(path: String, key: String, expected: String)
  case noColumn(path: String, name: String)
  case badRow(path: String, line: Int, expected: String)
  /// Does not fit the check in another file or, of one with a check in itself, in it.
  case damaged(path: String, by: String?)

  public var exitCode: ExitCode { .dataError }

  public var description: String {
    switch self {
    case .badKey(let path, let key, let expected):
      "\(path): '\(key)' is not \(expected)"
    case .noColumn(let path, let name):
      "\(path): has no column '\(name)'; the file is damaged or was edited"
    case .badRow(let path, let line, let expected):
      "\(path): line \(line) is not \(expected); the file is damaged or was edited"
    case .damaged(let path, let file):
      "\(path): does not fit \(file.map { "the checksum in \($0)" } ?? "its checksum"); "
        + "the file is damaged or was edited"
    }
  }
}
