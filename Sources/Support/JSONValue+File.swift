extension JSONValue {
  /// Reads a file in JSON or YAML. Its name says which, by `.json`, `.yaml` or `.yml`; otherwise
  /// what begins with a bracket is JSON.
  ///
  /// - Throws: ``FileError``, ``JSONError`` or ``YAMLError``.
  public init(readingJSONOrYAML path: String) throws {
    let bytes = try readFile(path, as: .text)
    let isJSON: Bool
    switch path.split(separator: ".").last?.lowercased() {
    case "json": isJSON = true
    case "yaml", "yml": isJSON = false
    default: isJSON = bytes.first { !" \t\r\n".utf8.contains($0) }.map("{[".utf8.contains) ?? false
    }
    self =
      try isJSON
      ? JSONValue(parsing: bytes, path: path) : JSONValue(parsingYAML: bytes, path: path)
  }
}
