// Texts in quotes. A line break in one is a space, and each empty line a line break.
extension YAMLParser {
  /// A text from its opening to its closing quote.
  mutating func parseQuoted() throws(Failure) -> String {
    let start = position
    let quote = bytes[position]
    position += 1
    var text: [UInt8] = []
    // What an escape wrote is kept, even if it is a space at the end of a line.
    var keptCount = 0
    while let byte = next {
      switch byte {
      case UInt8(ascii: "'") where quote == byte && self.byte(at: position + 1) == byte:
        text.append(byte)
        position += 2
      case quote:
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\") where quote == UInt8(ascii: "\""):
        try parseEscape(into: &text)
        keptCount = text.count
      case 0x0A:
        while text.count > keptCount, text.last == 0x20 || text.last == 0x09 { text.removeLast() }
        let breaks = skipQuotedBreaks()
        if isAtMarker { throw failure(.unclosed("the quote"), at: start) }
        text += breaks == 1 ? [0x20] : Array(repeating: 0x0A, count: breaks - 1)
        keptCount = text.count
      default:
        text.append(byte)
        position += 1
      }
    }
    throw failure(.unclosed("the quote"), at: start)
  }

  /// - Returns: the number of line breaks.
  private mutating func skipQuotedBreaks() -> Int {
    var count = 0
    while skip("\n") {
      count += 1
      if isAtMarker { break }
      skipBlanks()
    }
    return count
  }

  /// Escapes that stand for one character.
  private static let escapes: [UInt8: String] = [
    UInt8(ascii: "0"): "\0", UInt8(ascii: "a"): "\u{7}", UInt8(ascii: "b"): "\u{8}",
    UInt8(ascii: "t"): "\t", 0x09: "\t", UInt8(ascii: "n"): "\n", UInt8(ascii: "v"): "\u{B}",
    UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "r"): "\r", UInt8(ascii: "e"): "\u{1B}",
    UInt8(ascii: " "): " ", UInt8(ascii: "\""): "\"", UInt8(ascii: "/"): "/",
    UInt8(ascii: "\\"): "\\", UInt8(ascii: "N"): "\u{85}", UInt8(ascii: "_"): "\u{A0}",
    UInt8(ascii: "L"): "\u{2028}", UInt8(ascii: "P"): "\u{2029}",
  ]

  private mutating func parseEscape(into text: inout [UInt8]) throws(Failure) {
    let start = position
    position += 1
    guard let letter = next else { throw badEscape(at: start) }
    if letter == 0x0A {
      let breaks = skipQuotedBreaks()
      text += Array(repeating: 0x0A, count: breaks - 1)
      return
    }
    position += 1
    if let character = Self.escapes[letter] {
      text += Array(character.utf8)
      return
    }
    text += Array(String(try parseScalar(letter, from: start)).utf8)
  }

  /// The character of `\x41`, `\u0041` or `\U00000041`, or of two `\u` that are a surrogate pair.
  private mutating func parseScalar(
    _ letter: UInt8, from start: Int
  ) throws(Failure) -> Unicode.Scalar {
    let counts: [UInt8: Int] = [
      UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8,
    ]
    guard let count = counts[letter], let code = parseHex(count) else { throw badEscape(at: start) }
    if let scalar = Unicode.Scalar(code) { return scalar }
    guard letter == UInt8(ascii: "u"), code < 0xDC00, skip("\\"), skip("u"),
      let second = parseHex(4), (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (code - 0xD800) << 10 + (second - 0xDC00))
    else { throw badEscape(at: start) }
    return scalar
  }

  private mutating func parseHex(_ count: Int) -> UInt32? {
    let digits = bytes[position...].prefix(count)
    guard digits.count == count,
      digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit })
    else { return nil }
    position += count
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }

  private func badEscape(at start: Int) -> Failure {
    let hasDigits = byte(at: start + 1).map { "xuU".utf8.contains($0) } ?? false
    let text = String(decoding: bytes[start...].prefix(10).prefix { $0 >= 0x20 }, as: UTF8.self)
    return failure(.badEscape(found: "'\(text.prefix(hasDigits ? 6 : 2))'"), at: start)
  }
}
