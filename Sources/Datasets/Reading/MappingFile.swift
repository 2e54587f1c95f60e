import Formats
import Support

extension ClassTable {
  /// Reads a file that names classes.
  ///
  /// - Throws: ``FileError``, ``ZipError``, ``GzipError`` or ``MappingError``.
  public init(readingMapping path: String) throws {
    try self.init(parsingMapping: Gzip.contents(of: path), path: path)
  }

  /// Parses the bytes of a file that names classes; `path` is its name in messages.
  ///
  /// Lines are `10 65`, a label and a character's code, or, with both cases of a letter, `1 65 97`,
  /// of which the upper-case one is the class's name; or `3 fish`, a label and a name of any UTF-8
  /// text, in quotation marks if it would be taken for codes; or only the names, in the order of the labels from 0. Fields stand apart by spaces, tabs
  /// or commas. A byte order mark is passed over, and so is a first line that names columns.
  /// - Throws: ``MappingError``.
  public init(parsingMapping bytes: [UInt8], path: String) throws {
    guard bytes.count <= Self.largestMapping else { throw MappingError.tooLong(path: path) }
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw MappingError.notUTF8(path: path)
    }
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var lines: [MappingLine] = []
    for (index, line) in bytes[start...].split(separator: 10, omittingEmptySubsequences: false)
      .enumerated()
    {
      if let line = MappingLine(line, number: index + 1) { lines.append(line) }
    }
    if lines.count > 1, lines[0].label == nil, lines.dropFirst().allSatisfy({ $0.label != nil }) {
      lines.removeFirst()
    }
    let names = try Self.names(lines, path: path)
    try self.init(names, path: path)
  }

  /// A name of a hundred bytes for each of as many classes as there may be.
  private static let largestMapping = 1 << 23

  /// The names by label.
  private static func names(_ lines: [MappingLine], path: String) throws -> [Int: String] {
    // Names alone, one a line; numbers alone would be labels without names.
    let areNames = lines.allSatisfy { $0.label == nil }
    let areCodes = lines.allSatisfy { $0.codes != nil }
    var names: [Int: String] = [:]
    for (place, line) in lines.enumerated() {
      let label = areNames ? place : line.label
      guard let label, areNames || !line.rest.isEmpty else {
        throw MappingError.malformed(path: path, line: line.number, text: line.text.utf8.excerpt)
      }
      let name = areCodes ? try line.character(path: path) : areNames ? line.text : line.rest
      guard names.updateValue(name, forKey: label) == nil else {
        throw MappingError.duplicate(path: path, line: line.number, label: label)
      }
    }
    return names
  }

  private init(_ names: [Int: String], path: String) throws {
    let labels = names.keys.sorted()
    guard let first = labels.first else { throw MappingError.empty(path: path) }
    for (label, expected) in zip(labels, first...) where label != expected {
      throw MappingError.gap(path: path, missing: expected)
    }
    guard labels.count <= Self.mostClasses else {
      throw MappingError.tooMany(path: path, count: labels.count)
    }
    self.init(labels: labels.compactMap { names[$0] }, firstLabel: first)
  }
}

/// A line of a mapping file that is not empty.
private struct MappingLine {
  let number: Int
  let text: String
  /// The whole number it begins with, if something stands behind it or it stands alone.
  let label: Int?
  /// What stands behind the label.
  let rest: String
  /// The one or two codes of characters behind the label, if nothing else is there.
  let codes: [Int]?

  init?(_ line: ArraySlice<UInt8>, number: Int) {
    let isSpace: (UInt8) -> Bool = { [0x20, 0x09, 0x0D].contains($0) }
    let body = Array(line.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    guard !body.isEmpty else { return nil }
    self.number = number
    text = String(decoding: body, as: UTF8.self)
    let isSeparator: (UInt8) -> Bool = { isSpace($0) || $0 == UInt8(ascii: ",") }
    let first = body.prefix { !isSeparator($0) }
    label = Int(String(decoding: first, as: UTF8.self)).flatMap {
      (0...Int(Int32.max)).contains($0) ? $0 : nil
    }
    let behind = body[first.count...].drop(while: isSeparator)
    let isQuoted = behind.count > 1 && behind.first == 0x22 && behind.last == 0x22
    rest = String(decoding: isQuoted ? behind.dropFirst().dropLast() : behind, as: UTF8.self)
    let fields = isQuoted ? [] : behind.split(whereSeparator: isSeparator)
    let numbers = fields.compactMap { Int(String(decoding: $0, as: UTF8.self)) }
    codes = (1...2).contains(fields.count) && numbers.count == fields.count ? numbers : nil
  }

  /// The character of the codes, of two the upper-case one.
  func character(path: String) throws -> String {
    let codes = codes ?? []
    for code in codes {
      guard code > 32, code != 127, let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init)
      else { throw MappingError.code(path: path, line: number, code: code) }
      _ = scalar
    }
    let shown = codes.first(where: (65...90).contains) ?? codes[0]
    return Unicode.Scalar(UInt32(shown)).map { String(Character($0)) } ?? ""
  }
}

/// A mapping file that does not say which characters the labels stand for.
public enum MappingError: UserError, Equatable {
  case empty(path: String)
  case malformed(path: String, line: Int, text: String)
  case code(path: String, line: Int, code: Int)
  case duplicate(path: String, line: Int, label: Int)
  case gap(path: String, missing: Int)
  case tooMany(path: String, count: Int)
  case tooLong(path: String)
  case notUTF8(path: String)

  public var exitCode: ExitCode { .dataError }

  public var description: String {
    switch self {
    case .empty(let path):
      "\(path): no line maps a label to a character; expected lines like '10 65'"
    case .malformed(let path, let line, let text):
      "\(path): line \(line) is '\(text)', expected a label and a character's code or a name,"
        + " like '10 65' or '3 fish'; correct it"
    case .code(let path, let line, let code):
      "\(path): line \(line) has character code \(code), which is no character that shows; correct it"
    case .duplicate(let path, let line, let label):
      "\(path): line \(line) maps label \(label) a second time; remove one of the lines"
    case .gap(let path, let missing):
      "\(path): label \(missing) is missing, labels must follow each other without a gap;"
        + " add its line"
    case .tooMany(let path, let count):
      "\(path): maps \(count) labels, at most \(ClassTable.mostClasses) are possible; use fewer classes"
    case .tooLong(let path): "\(path): is too long for names of classes; check the name"
    case .notUTF8(let path): "\(path): is not UTF-8 text; save it as UTF-8"
    }
  }
}
