/// How wide a text is at most, in units of the drawing.
///
/// Nobody knows which font a reader's machine has. The widths are those of the wider ones among the
/// usual sans-serif fonts (Verdana, DejaVu Sans), so that texts which keep apart here do so
/// everywhere.
func textWidth(_ text: String, size: Double) -> Double {
  text.reduce(0) { $0 + emWidth($1) } * size
}

/// The longest of some texts, in units of the drawing.
func textWidth(_ texts: some Sequence<String>, size: Double) -> Double {
  texts.reduce(0) { max($0, textWidth($1, size: size)) }
}

private func emWidth(_ character: Character) -> Double {
  if "iljI.,:;'|!".contains(character) { return 0.4 }
  if " ftr()[]-/1".contains(character) { return 0.5 }
  if "mwMW@%".contains(character) { return 1 }
  guard character.isASCII else { return String(character).columnCount == 2 ? 1.1 : 0.85 }
  return character.isUppercase ? 0.75 : 0.64
}

/// `text`, or its beginning and `…` if that is wider than `width`.
func shortened(_ text: String, to width: Double, size: Double) -> String {
  guard textWidth(text, size: size) > width else { return text }
  var kept = text
  while !kept.isEmpty, textWidth(kept + "…", size: size) > width { kept.removeLast() }
  return kept + "…"
}
