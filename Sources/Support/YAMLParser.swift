// YAML by hand, and of it what people write into settings: block and flow collections, plain and
// quoted texts, block texts, comments, anchors with their aliases and merge keys, the tags of the
// core schema. Other tags, directives and several documents are refused by name. Plain texts mean what the core schema of YAML 1.2.2 (2021) says, so `yes` is a
// text and `1e-3`, which YAML 1.1 takes for a text, is a number.

extension JSONValue {
  /// Parses `bytes`, the content of `path`, as YAML. Keys are texts, as they are written.
  ///
  /// Stricter than YAML: duplicate keys, numbers with a leading zero, which its versions read
  /// differently, and numbers that are not finite are errors.
  ///
  /// - Throws: ``YAMLError`` with `exitCode`; its text names `path`, line and column.
  public init(
    parsingYAML bytes: [UInt8], path: String, exitCode: ExitCode = .configuration
  ) throws {
    var parser = YAMLParser(bytes)
    self = try parser.parse(path: path, exitCode: exitCode)
  }
}

extension SettingsText {
  /// Parses `bytes`, the content of `path`, as ``JSONValue/init(parsingYAML:path:exitCode:)`` does.
  ///
  /// - Throws: ``YAMLError``.
  public init(parsingYAML bytes: [UInt8], path: String) throws {
    var parser = YAMLParser(bytes)
    let value = try parser.parse(path: path, exitCode: .configuration)
    self.init(value: value, places: parser.places)
  }
}

/// A recursive descent over bytes. `position` is the next byte to look at.
struct YAMLParser {
  struct Failure: Error {
    let offset: Int
    let problem: YAMLError.Problem
  }

  /// The text, with every line break as a line feed.
  let bytes: [UInt8]
  var position = 0
  private var depth = 0
  /// What was marked with `&name` so far.
  var anchors: [String: AnchoredValue] = [:]
  /// How many values stand in for aliases so far.
  var copies = 0
  /// Whether the next text without quotes stands for itself, whatever it looks like.
  var takesText = false
  var places: KeyPlaces
  /// Where the innermost of the collections that ended last did, and how far it was indented.
  var lastEnd = (offset: -1, column: 0)

  init(_ given: [UInt8]) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(given.count)
    var isAfterReturn = false
    for byte in given.dropFirst(given.hasByteOrderMark ? 3 : 0) {
      if byte == 0x0A, isAfterReturn {
        isAfterReturn = false
        continue
      }
      isAfterReturn = byte == 0x0D
      bytes.append(isAfterReturn ? 0x0A : byte)
    }
    self.bytes = bytes
    places = KeyPlaces(of: bytes)
  }

  /// The value of the whole text, which is the content of `path`.
  mutating func parse(path: String, exitCode: ExitCode) throws(YAMLError) -> JSONValue {
    do throws(Failure) {
      return try parse()
    } catch {
      let (line, column) = bytes.place(of: error.offset)
      throw YAMLError(
        path: path, line: line, column: column, problem: error.problem, exitCode: exitCode)
    }
  }

  private mutating func parse() throws(Failure) -> JSONValue {
    try checkCharacters()
    try skipToContent()
    if next == UInt8(ascii: "%") { throw unsupported(.directive) }
    let first = position
    let value = try parseDocument()
    try skipToContent()
    if isAtMarker("...") {
      position += 3
      try endLine()
      try skipToContent()
    }
    if isAtMarker("---") { throw unsupported(.severalDocuments) }
    guard next == nil else {
      throw column == column(of: first)
        ? unexpected("the end of the text") : misplaced(column(of: first))
    }
    return value
  }

  private mutating func parseDocument() throws(Failure) -> JSONValue {
    guard isAtMarker("---") else { return try parseBelow(-1, holder: .document) }
    position += 3
    return try parseValue(inside: -1, of: .document)
  }

  private func checkCharacters() throws(Failure) {
    if let offset = bytes.firstInvalidUTF8 {
      throw failure(.invalidUTF8(byte: bytes[offset]), at: offset)
    }
    if let offset = bytes.firstIndex(where: { $0 < 0x20 && $0 != 0x0A && $0 != 0x09 || $0 == 0x7F })
    {
      throw failure(.controlCharacter(bytes[offset]), at: offset)
    }
  }

  /// How many levels may still be nested here.
  var levelsLeft: Int { JSONValue.maximumDepth - depth }

  /// Does something one level deeper.
  mutating func descend<Value>(
    _ body: (inout YAMLParser) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    guard depth < JSONValue.maximumDepth else {
      throw failure(.tooDeep(limit: JSONValue.maximumDepth), at: position)
    }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }
}

// Where it is.
extension YAMLParser {
  /// The byte at `position`, or `nil` at the end.
  var next: UInt8? { byte(at: position) }

  func byte(at offset: Int) -> UInt8? { offset < bytes.count ? bytes[offset] : nil }

  /// The number of bytes before `position` on its line.
  var column: Int { column(of: position) }

  func column(of offset: Int) -> Int {
    offset - (bytes[..<offset].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0)
  }

  /// Whether a space, a tab, a line break or the end of the text stands at an offset.
  func isBlank(at offset: Int) -> Bool {
    byte(at: offset).map { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A } ?? true
  }

  /// Whether the rest of the line is empty or a comment, once spaces are skipped.
  var isAtLineEnd: Bool {
    next == nil || next == 0x0A
      || next == UInt8(ascii: "#") && (position == 0 || isBlank(at: position - 1))
  }

  /// Whether a line begins here with `---` or `...`.
  func isAtMarker(_ marker: String) -> Bool {
    bytes[position...].starts(with: marker.utf8) && isBlank(at: position + 3) && column == 0
  }

  var isAtMarker: Bool { isAtMarker("---") || isAtMarker("...") }

  /// Whether `indicator` comes next and something blank behind it.
  func isAtIndicator(_ indicator: Unicode.Scalar) -> Bool {
    next == UInt8(ascii: indicator) && isBlank(at: position + 1)
  }
}

// Going on.
extension YAMLParser {
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Skips spaces and tabs within a line.
  mutating func skipBlanks() { while next == 0x20 || next == 0x09 { position += 1 } }

  mutating func skipLine() { while let byte = next, byte != 0x0A { position += 1 } }

  /// Goes to the next line with something else than a comment on it, from the end of a line or
  /// the start of one.
  mutating func skipToContent() throws(Failure) {
    _ = try skipEmptyLines()
    while next == UInt8(ascii: "#"), isAtLineEnd {
      skipLine()
      _ = try skipEmptyLines()
    }
  }

  /// Goes to the next line with something on it.
  ///
  /// - Returns: the number of line breaks on the way.
  mutating func skipEmptyLines() throws(Failure) -> Int {
    var count = 0
    while true {
      let isIndentation = column == 0
      while next == 0x20 { position += 1 }
      let tab = next == 0x09 && isIndentation ? position : nil
      skipBlanks()
      if let tab, !isAtLineEnd { throw failure(.tab, at: tab) }
      guard next == 0x0A else { return count }
      position += 1
      count += 1
    }
  }

  /// Goes to the end of a line on which nothing more may stand.
  mutating func endLine() throws(Failure) {
    skipBlanks()
    guard isAtLineEnd else { throw unexpected("the end of the line") }
    skipLine()
  }
}

// What is wrong.
extension YAMLParser {
  func failure(_ problem: YAMLError.Problem, at offset: Int) -> Failure {
    Failure(offset: offset, problem: problem)
  }

  /// What was found at `position` instead of what was expected.
  func unexpected(_ expected: String) -> Failure {
    let found = next == 0x0A ? "the end of the line" : bytes.found(at: position)
    return failure(.unexpected(found: found, expected: expected), at: position)
  }

  func unsupported(_ feature: YAMLError.Feature) -> Failure {
    let text = bytes[position...].prefix(20).prefix { $0 > 0x20 }
    let found = String(String(decoding: text, as: UTF8.self).prefix { $0 != "\u{FFFD}" })
    return failure(.unsupported(feature, text: found), at: position)
  }

  /// A key that an object has already, whose keys begin at `starts`.
  func duplicate(
    _ key: String, at offset: Int, of object: JSONObject, _ starts: [Int]
  ) -> Failure {
    let first = object.keys.firstIndex { $0.utf8.elementsEqual(key.utf8) } ?? 0
    let line = bytes.place(of: starts[first]).line
    return failure(.duplicateKey(key, firstLine: line), at: offset)
  }

  /// A line that is indented otherwise than those of a collection above it.
  func misplaced(_ other: Int) -> Failure {
    var columns: Set = [other]
    if lastEnd.offset == position { columns.insert(lastEnd.column) }
    return failure(.indentation(found: column, expected: columns.sorted()), at: position)
  }
}
