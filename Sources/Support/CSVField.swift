/// A CSV field, quoted if it must be (RFC 4180, section 2).
public func csvField(_ text: String) -> String {
  let special: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: "\""), 0x0A, 0x0D]
  guard text.utf8.contains(where: special.contains) else { return text }
  return "\"" + text.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
}
