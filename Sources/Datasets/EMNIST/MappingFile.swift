import Formats
import Support

extension ClassTable {
  /// Reads a file of lines such as `10 65` or, with both cases of a letter, `1 65 97`.
  ///
  /// A class with two characters is called by its upper-case one.
  /// - Throws: ``FileError``, ``GzipError`` or ``MappingError``.
  public init(readingMapping path: String) throws {
    try self.init(parsingMapping: Gzip.contents(of: path), path: path)
  }

  /// Parses the bytes of a mapping file; `path` is its name in messages.
  ///
  /// - Throws: ``MappingError``.
  public init(parsingMapping bytes: [UInt8], path: String) throws {
    var characters: [Int: String] = [:]
    for (index, line) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
      let fields = line.split { $0 == 32 || $0 == 9 || $0 == 13 }
      if fields.isEmpty { continue }
      let (label, character) = try Self.entry(fields, line: index + 1, path: path)
      guard characters.updateValue(character, forKey: label) == nil else {
        throw MappingError.duplicate(path: path, line: index + 1, label: label)
      }
    }
    try self.init(characters, path: path)
  }

  private static func entry(
    _ fields: [ArraySlice<UInt8>], line: Int, path: String
  ) throws -> (label: Int, character: String) {
    let numbers = fields.compactMap { Int(String(decoding: $0, as: UTF8.self)) }
    guard numbers.count == fields.count, (2...3).contains(numbers.count),
      (0...Int(Int32.max)).contains(numbers[0])
    else {
      let text = Array(fields.joined(separator: [32])).excerpt
      throw MappingError.malformed(path: path, line: line, text: text)
    }
    let codes = numbers.dropFirst()
    if let code = codes.first(where: { !(33...126).contains($0) }) {
      throw MappingError.code(path: path, line: line, code: code)
    }
    let shown = codes.first(where: (65...90).contains) ?? codes[1]
    return (numbers[0], String(UnicodeScalar(UInt8(shown))))
  }

  private init(_ characters: [Int: String], path: String) throws {
    let labels = characters.keys.sorted()
    guard let first = labels.first else { throw MappingError.empty(path: path) }
    for (label, expected) in zip(labels, first...) where label != expected {
      throw MappingError.gap(path: path, missing: expected)
    }
    guard labels.count <= 256 else {
      throw MappingError.tooMany(path: path, count: labels.count)
    }
    self.init(labels: labels.compactMap { characters[$0] }, firstLabel: first)
  }
}
