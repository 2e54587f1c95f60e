import Support

extension String {
  /// The columns the text takes in a terminal: East Asian characters take two.
  var columnCount: Int { reduce(0) { $0 + $1.columnCount } }

  /// As much from the start as fits in so many columns.
  func cut(to columns: Int) -> String {
    var (text, used) = ("", 0)
    for character in self {
      used += character.columnCount
      if used > columns { break }
      text.append(character)
    }
    return text
  }

  /// Filled with spaces at the right, or cut, to exactly so many columns.
  func filled(right columns: Int) -> String {
    let text = cut(to: columns)
    return text + String(repeating: " ", count: columns - text.columnCount)
  }

  /// Filled with spaces at the left, or cut, to exactly so many columns.
  func filled(left columns: Int) -> String {
    let text = cut(to: columns)
    return String(repeating: " ", count: columns - text.columnCount) + text
  }

  /// Without spaces at the end.
  var withoutTrailingSpace: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}

extension Character {
  /// 2 for the blocks Unicode Standard Annex 11 calls wide, 1 otherwise.
  fileprivate var columnCount: Int {
    guard let scalar = unicodeScalars.first?.value, scalar >= 0x1100 else { return 1 }
    let wide: [ClosedRange<UInt32>] = [
      0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD,
    ]
    return wide.contains { $0.contains(scalar) } ? 2 : 1
  }
}
