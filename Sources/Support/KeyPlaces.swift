/// Where the members of a text in JSON or YAML stand, by their key paths, such as
/// `parameters.lr.values[1]`.
///
/// A parser tells what it goes into and out of. What is nested too deep or too often to be a list of
/// settings is not remembered.
public struct KeyPlaces: Sendable {
  private static let longestPath = 1_000
  private static let mostPaths = 100_000

  private let bytes: [UInt8]
  private var offsets: [String: Int] = [:]
  /// The paths of what the parser is in, the innermost last; `nil` if it is too long.
  private var open: [String?] = []

  init(of bytes: [UInt8]) { self.bytes = bytes }

  /// The parser goes into the member `key`, which begins at `offset`.
  mutating func enter(_ key: String, at offset: Int) {
    enter(offset) { $0.isEmpty ? key : "\($0).\(key)" }
  }

  /// The parser goes into an element of an array.
  mutating func enter(_ index: Int, at offset: Int) { enter(offset) { "\($0)[\(index)]" } }

  private mutating func enter(_ offset: Int, _ path: (String) -> String) {
    let outer = open.last ?? ""
    let own = outer.map(path).flatMap { $0.utf8.count > Self.longestPath ? nil : $0 }
    open.append(own)
    if let own, offsets.count < Self.mostPaths { offsets[own] = offset }
  }

  /// The parser has read the value of what it entered last.
  mutating func leave() { open.removeLast() }

  /// The line, from 1, of a member, or of the innermost one around it that stands in the text.
  public func line(of path: String) -> Int? {
    var path = Substring(path)
    while !path.isEmpty {
      if let offset = offsets[String(path)] { return bytes.place(of: offset).line }
      path = path.prefix(upTo: path.lastIndex { $0 == "." || $0 == "[" } ?? path.startIndex)
    }
    return nil
  }
}

/// A text in JSON or YAML: its value, and where its members stand.
public struct SettingsText: Sendable {
  public let value: JSONValue
  public let places: KeyPlaces

  /// Reads a file. Its name says which of the two it is, by `.json`, `.yaml` or `.yml`; otherwise
  /// what begins with a bracket is JSON.
  ///
  /// - Throws: ``FileError``, ``JSONError`` or ``YAMLError``.
  public init(reading path: String) throws {
    let bytes = try readFile(path, as: .text)
    let isJSON: Bool
    switch path.split(separator: ".").last?.lowercased() {
    case "json": isJSON = true
    case "yaml", "yml": isJSON = false
    default: isJSON = bytes.first { !" \t\r\n".utf8.contains($0) }.map("{[".utf8.contains) ?? false
    }
    self =
      try isJSON
      ? SettingsText(parsing: bytes, path: path) : SettingsText(parsingYAML: bytes, path: path)
  }

  init(value: JSONValue, places: KeyPlaces) {
    self.value = value
    self.places = places
  }
}

extension JSONValue {
  /// Reads a file in JSON or YAML, as ``SettingsText`` does.
  ///
  /// - Throws: ``FileError``, ``JSONError`` or ``YAMLError``.
  public init(readingJSONOrYAML path: String) throws {
    self = try SettingsText(reading: path).value
  }
}
