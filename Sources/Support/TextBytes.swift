// What parsers say about the bytes of a text.
extension [UInt8] {
  /// Line and column of an offset, both from 1, the column in characters.
  func place(of offset: Int) -> (line: Int, column: Int) {
    let before = self[..<Swift.min(offset, count)]
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let line = 1 + before.count { $0 == 0x0A }
    // A character has one byte that does not look like 10xxxxxx.
    return (line, 1 + before[lineStart...].count { $0 & 0xC0 != 0x80 })
  }

  /// `'}'`, `'None'`, `byte 0x01` or `the end of the text`: what stands at an offset.
  func found(at offset: Int) -> String {
    guard offset < count else { return "the end of the text" }
    let rest = self[offset...]
    if self[offset] < 0x20 || self[offset] == 0x7F { return "byte \(self[offset].hex)" }
    let word = rest.prefix(20).prefix(while: isLetter)
    if !word.isEmpty { return "'\(String(decoding: word, as: UTF8.self))'" }
    return "'\(String(decoding: rest.prefix(4), as: UTF8.self).unicodeScalars.first!)'"
  }

  /// Where the bytes are not UTF-8; `nil` if they are.
  var firstInvalidUTF8: Int? {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: span)
      return nil
    } catch {
      return error.byteOffsets.lowerBound
    }
  }

  /// Whether a text begins with a byte order mark.
  var hasByteOrderMark: Bool { starts(with: [0xEF, 0xBB, 0xBF]) }
}

func isLetter(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
}

/// A number in an error message, cut if it is long.
func shortened(_ number: String) -> String {
  number.utf8.count > 24 ? number.prefix(20) + "..." : number
}

extension Sequence<UInt8> {
  /// At most 40 bytes as a text for messages, with `?` for whatever is not printable ASCII, which
  /// might otherwise upset a terminal.
  public var excerpt: String {
    String(decoding: prefix(40).map { (32...126).contains($0) ? $0 : 63 }, as: UTF8.self)
  }
}
