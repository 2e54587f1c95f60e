import Support

/// The numbers of a C program as ``CSource`` writes it, taken from its text.
struct CNumbers {
  private let arrays: [String: [Double]]
  private let definitions: [String: Double]
  private let path: String

  /// Reads a program's bytes.
  init(_ text: [UInt8], path: String) {
    self.path = path
    var (arrays, definitions): ([String: [Double]], [String: Double]) = ([:], [:])
    var lines = text.split(separator: UInt8(ascii: "\n"))[...]
    while let line = lines.popFirst() {
      let words = line.split(separator: UInt8(ascii: " "))
      if words.count == 3, words[0].elementsEqual("#define".utf8) {
        definitions[String(decoding: words[1], as: UTF8.self)] = Self.number(words[2])
      } else if line.starts(with: "static const ".utf8), line.last == UInt8(ascii: "{"),
        words.count > 3
      {
        let name = words[3].prefix { $0 != UInt8(ascii: "[") }
        var numbers: [Double] = []
        while let row = lines.popFirst(), row.first == UInt8(ascii: " ") {
          numbers += row.split(separator: UInt8(ascii: ",")).map(Self.number)
        }
        arrays[String(decoding: name, as: UTF8.self)] = numbers
      }
    }
    (self.arrays, self.definitions) = (arrays, definitions)
  }

  /// The number of a word such as `-1.5f` or `(-1.5f)`.
  private static func number(_ word: ArraySlice<UInt8>) -> Double {
    let text = String(decoding: word.filter { !" ()f".utf8.contains($0) }, as: UTF8.self)
    // The smallest number of 32 bits is written as a difference.
    return text == "-2147483647-1" ? Double(Int32.min) : Double(text) ?? .nan
  }

  /// The array of a layer's name and what it holds: `conv1.weight`.
  ///
  /// - Throws: ``ExportError/unreadable(path:format:what:)`` if there is none of so many numbers.
  func array(_ name: String, count: Int) throws -> [Float] {
    try numbers(name, count: count).map { Float($0) }
  }

  /// The same for whole numbers.
  func integers(_ name: String, count: Int) throws -> [Int32] {
    try numbers(name, count: count).map { number in
      guard let whole = Int32(exactly: number) else { throw failure(CSource.identifier(name)) }
      return whole
    }
  }

  private func numbers(_ name: String, count: Int) throws -> [Double] {
    let identifier = CSource.identifier(name)
    guard let found = arrays[identifier], found.count == count else { throw failure(identifier) }
    return found
  }

  /// The number that the program defines a name as.
  func definition(_ name: String) throws -> Float {
    guard let number = definitions[name] else { throw failure(name) }
    return Float(number)
  }

  private func failure(_ name: String) -> ExportError {
    .unreadable(path: path, format: "c", what: "it has no whole '\(name)'")
  }
}
