// Names come from outside: of classes, runs, files, data sets, options. Where they are shown they are
// text and nothing else. What prints calls these functions, at the last moment: in memory and in
// files a name stays what it is.

extension String {
  /// The text in one line, as a terminal may have it: what would control it, break the line or turn
  /// the direction of writing is written as Swift escapes, as `\u{1B}`.
  public var shown: String { escaped { $0.isControlling } }

  /// A text of ours of several lines, colours and movements of the cursor among it, made of names
  /// that are ``shown``. Should one not be: no other control reaches the terminal.
  public var shownLines: String {
    guard utf8.contains(where: { $0 < 0x20 && $0 != 0x0A || $0 == 0x7F || $0 >= 0xC2 }) else {
      return self
    }
    var rest = unicodeScalars[...]
    var text = ""
    while let scalar = rest.first {
      if let length = rest.ownSequenceLength {
        text.unicodeScalars += rest.prefix(length)
        rest = rest.dropFirst(length)
      } else {
        text += scalar.isControlling ? scalar.escaped(asASCII: true) : String(scalar)
        rest = rest.dropFirst()
      }
    }
    return text
  }

  /// The text as one word for a POSIX shell.
  public var shellWord: String {
    let isPlain = !isEmpty && allSatisfy { $0.isLetter || $0.isNumber || "_-./,:=+%".contains($0) }
    return isPlain ? self : "'" + replacing("'", with: "'\\''") + "'"
  }

  private func escaped(where isEscaped: (Unicode.Scalar) -> Bool) -> String {
    guard unicodeScalars.contains(where: isEscaped) else { return self }
    return unicodeScalars.map { isEscaped($0) ? $0.escaped(asASCII: true) : String($0) }.joined()
  }
}

extension Unicode.Scalar {
  /// Whether it controls what shows a text: C0, DEL and C1, the separators of lines and paragraphs,
  /// and what overrides, embeds or isolates the direction of writing (Unicode Standard Annex 9).
  public var isControlling: Bool {
    switch value {
    case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}

extension Substring.UnicodeScalarView {
  /// The length of what this begins with, if we control a terminal by it: a line break, a tab, the
  /// start of the line, a colour, deleting to the end of the line or below, a number of lines up.
  fileprivate var ownSequenceLength: Int? {
    guard let first else { return nil }
    if ["\n", "\t", "\r"].contains(first) { return 1 }
    guard first == "\u{1B}", dropFirst().first == "[" else { return nil }
    let numbers = dropFirst(2).prefix { ("0"..."9").contains($0) || $0 == ";" }
    guard numbers.count < 32, let last = dropFirst(2 + numbers.count).first else { return nil }
    return ["m", "K", "J", "A"].contains(last) ? 3 + numbers.count : nil
  }
}
