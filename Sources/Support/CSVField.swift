/// A CSV field, quoted if it must be (RFC 4180, section 2).
///
/// Spreadsheets compute what begins with `=`, `+`, `-`, `@`, a tab or a carriage return; before a
/// name that does, but for a number and a single sign, stands an apostrophe, which they take for the
/// mark of a text. Another one stands before what begins with such an apostrophe, so that
/// ``csvText(_:)`` gives every text back.
public func csvField(_ text: String) -> String {
  let text = isFormula(text) || isMarked(text) ? "'" + text : text
  let special: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: "\""), 0x0A, 0x0D]
  guard text.utf8.contains(where: special.contains) else { return text }
  return "\"" + text.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
}

/// The text that ``csvField(_:)`` wrote, of a field without its quotes.
public func csvText(_ field: String) -> String {
  isMarked(field) ? String(field.unicodeScalars.dropFirst()) : field
}

private func isFormula(_ text: String) -> Bool {
  guard let first = text.unicodeScalars.first, text.unicodeScalars.count > 1 else { return false }
  return ["=", "+", "-", "@", "\t", "\r"].contains(first) && Double(text) == nil
}

/// Whether a text is a formula behind one apostrophe or several.
private func isMarked(_ text: String) -> Bool {
  let rest = text.unicodeScalars.drop { $0 == "'" }
  return text.unicodeScalars.first == "'" && isFormula(String(rest))
}
