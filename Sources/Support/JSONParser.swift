extension JSONValue {
  /// How deep arrays and objects may be nested: far more than any configuration needs, far less
  /// than the stack holds.
  public static let maximumDepth = 200

  /// Parses `bytes`, the content of `path`.
  ///
  /// Stricter than RFC 8259 asks for: duplicate keys, a byte order mark, lone surrogates and
  /// numbers beyond the range of `Double` are errors.
  ///
  /// - Throws: ``JSONError`` with `exitCode`; its text names `path`, line and column.
  public init(
    parsing bytes: [UInt8], path: String, exitCode: ExitCode = .configuration
  ) throws {
    var parser = JSONParser(bytes: bytes)
    self = try parser.parse(path: path, exitCode: exitCode)
  }
}

extension SettingsText {
  /// Parses `bytes`, the content of `path`, as ``JSONValue/init(parsing:path:exitCode:)`` does.
  ///
  /// - Throws: ``JSONError``.
  public init(parsing bytes: [UInt8], path: String) throws {
    var parser = JSONParser(bytes: bytes)
    parser.places = KeyPlaces(of: bytes)
    let value = try parser.parse(path: path, exitCode: .configuration)
    self.init(value: value, places: parser.places!)
  }
}

/// A recursive descent over bytes. `position` is the next byte to look at.
struct JSONParser {
  struct Failure: Error {
    let offset: Int
    let problem: JSONError.Problem
  }

  let bytes: [UInt8]
  var position = 0
  private var depth = 0
  /// Where members stand, if somebody wants to know.
  var places: KeyPlaces?

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// The byte at `position`, or `nil` at the end.
  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// The value of the whole text, which is the content of `path`.
  mutating func parse(path: String, exitCode: ExitCode) throws(JSONError) -> JSONValue {
    do throws(Failure) {
      return try parse()
    } catch {
      let (line, column) = bytes.place(of: error.offset)
      throw JSONError(
        path: path, line: line, column: column, problem: error.problem, exitCode: exitCode)
    }
  }

  private mutating func parse() throws(Failure) -> JSONValue {
    try checkEncoding()
    skipSpace()
    let value = try parseValue()
    skipSpace()
    guard next == nil else { throw unexpected("the end of the text") }
    return value
  }

  private func checkEncoding() throws(Failure) {
    if bytes.hasByteOrderMark { throw failure(.byteOrderMark, at: 0) }
    if let offset = bytes.firstInvalidUTF8 {
      throw failure(.invalidUTF8(byte: bytes[offset]), at: offset)
    }
  }

  private mutating func parseValue() throws(Failure) -> JSONValue {
    guard let byte = next else { throw unexpected("a value") }
    switch byte {
    case UInt8(ascii: "{"): return try parseObject()
    case UInt8(ascii: "["): return try parseArray()
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
    default: break
    }
    if skip("true") { return .bool(true) }
    if skip("false") { return .bool(false) }
    if skip("null") { return .null }
    throw unexpected("a value")
  }

  /// Goes past an opening bracket, one level deeper.
  private mutating func descend() throws(Failure) {
    guard depth < JSONValue.maximumDepth else {
      throw failure(.tooDeep(limit: JSONValue.maximumDepth), at: position)
    }
    depth += 1
    position += 1
    skipSpace()
  }

  private mutating func parseArray() throws(Failure) -> JSONValue {
    try descend()
    defer { depth -= 1 }
    var values: [JSONValue] = []
    if skip("]") { return .array(values) }
    repeat {
      skipSpace()
      if !values.isEmpty, next == UInt8(ascii: "]") {
        throw failure(.trailingComma(before: "]"), at: position)
      }
      places?.enter(values.count, at: position)
      values.append(try parseValue())
      places?.leave()
      skipSpace()
    } while skip(",")
    guard skip("]") else { throw unexpected("',' or ']'") }
    return .array(values)
  }

  private mutating func parseObject() throws(Failure) -> JSONValue {
    try descend()
    defer { depth -= 1 }
    var object = JSONObject()
    var starts: [Int] = []
    if skip("}") { return .object(object) }
    repeat {
      skipSpace()
      if !object.isEmpty, next == UInt8(ascii: "}") {
        throw failure(.trailingComma(before: "}"), at: position)
      }
      let start = position
      let key = try parseKey()
      guard object[key] == nil else { throw duplicate(key, at: start, of: object, starts) }
      starts.append(start)
      places?.enter(key, at: start)
      object[key] = try parseValue()
      places?.leave()
      skipSpace()
    } while skip(",")
    guard skip("}") else { throw unexpected("',' or '}'") }
    return .object(object)
  }

  /// A key, its colon, and the space up to the value.
  private mutating func parseKey() throws(Failure) -> String {
    guard next == UInt8(ascii: "\"") else { throw unexpected("a key in double quotes") }
    let key = try parseString()
    skipSpace()
    guard skip(":") else { throw unexpected("':'") }
    skipSpace()
    return key
  }

  private func duplicate(
    _ key: String, at offset: Int, of object: JSONObject, _ starts: [Int]
  ) -> Failure {
    let first = object.keys.firstIndex { $0.utf8.elementsEqual(key.utf8) } ?? 0
    let line = bytes.place(of: starts[first]).line
    return failure(.duplicateKey(key, firstLine: line), at: offset)
  }
}

// The parser's small tools.
extension JSONParser {
  /// Skips space, tabs and line breaks.
  mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  /// Skips `word` if it comes next and ends there.
  mutating func skip(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard position + count <= bytes.count else { return false }
    // A literal has as many bytes as it says.
    for index in 0..<count
    where unsafe bytes[position + index] != word.utf8Start[index] { return false }
    if isLetter(bytes[position]), position + count < bytes.count, isLetter(bytes[position + count])
    {
      return false
    }
    position += count
    return true
  }

  func failure(_ problem: JSONError.Problem, at offset: Int) -> Failure {
    Failure(offset: offset, problem: problem)
  }

  /// What was found at `position` instead of what was expected.
  func unexpected(_ expected: String) -> Failure {
    failure(.unexpected(found: bytes.found(at: position), expected: expected), at: position)
  }
}
