// Numbers and strings, where JSON's fine print is.
extension JSONParser {
  /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
  mutating func parseNumber() throws(Failure) -> JSONValue {
    let start = position
    _ = skip("-")
    let digitsStart = position
    try skipDigits()
    let hasLeadingZero = bytes[digitsStart] == UInt8(ascii: "0") && position - digitsStart > 1
    var isWhole = true
    if skip(".") {
      isWhole = false
      try skipDigits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      isWhole = false
      position += 1
      if !skip("+") { _ = skip("-") }
      try skipDigits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if hasLeadingZero { throw failure(.leadingZero(number: shortened(text)), at: start) }
    if isWhole, let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      throw failure(.numberTooLarge(number: shortened(text)), at: start)
    }
    return .number(value)
  }

  private mutating func skipDigits() throws(Failure) {
    let start = position
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    guard position > start else { throw unexpected("a digit") }
  }

  /// A string from its opening to its closing quote.
  mutating func parseString() throws(Failure) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        text.append(contentsOf: try parseEscape())
      case 0..<0x20:
        throw failure(.controlCharacter(byte), at: position)
      default:
        text.append(byte)
        position += 1
      }
    }
    throw unexpected("'\"' to end the string")
  }

  /// An escape, as UTF-8.
  private mutating func parseEscape() throws(Failure) -> [UInt8] {
    let start = position
    position += 2
    switch start + 1 < bytes.count ? bytes[start + 1] : 0 {
    case UInt8(ascii: "\""): return [UInt8(ascii: "\"")]
    case UInt8(ascii: "\\"): return [UInt8(ascii: "\\")]
    case UInt8(ascii: "/"): return [UInt8(ascii: "/")]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return Array(String(try parseScalar(from: start)).utf8)
    default: throw failure(.badEscape(found: escapeText(at: start)), at: start)
    }
  }

  /// The scalar of one escape of four hexadecimal digits, or of two that are a surrogate pair;
  /// `position` is after the first `u`.
  private mutating func parseScalar(from start: Int) throws(Failure) -> Unicode.Scalar {
    let first = try parseHexDigits(from: start)
    if let scalar = Unicode.Scalar(first) { return scalar }
    let lone = failure(.loneSurrogate(escape: escapeText(at: start, length: 6)), at: start)
    let secondStart = position
    guard UTF16.isLeadSurrogate(first), skip("\\"), next == UInt8(ascii: "u") else { throw lone }
    position += 1
    let second = try parseHexDigits(from: secondStart)
    guard UTF16.isTrailSurrogate(second) else { throw lone }
    let offset = (UInt32(first - 0xD800) << 10) + UInt32(second - 0xDC00)
    guard let scalar = Unicode.Scalar(0x10000 + offset) else { throw lone }
    return scalar
  }

  private mutating func parseHexDigits(from start: Int) throws(Failure) -> UInt16 {
    let digits = bytes[min(position, bytes.count)...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else {
      throw failure(.badEscape(found: escapeText(at: start, length: 6)), at: start)
    }
    position += 4
    return unit
  }

  /// `'\q'`: the escape at an offset, for an error. Cut before anything that cannot be printed.
  private func escapeText(at offset: Int, length: Int = 2) -> String {
    let text = String(decoding: bytes[offset...].prefix(length + 3), as: UTF8.self)
    let printable = text.prefix(length).prefix { $0 >= " " }
    return "'\(printable)'"
  }
}
