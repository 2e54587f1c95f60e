import Support

/// How the text of a table is written.
struct CSVDialect: Equatable {
  /// `,`, `;` or a tab.
  let separator: UInt8
  /// Where the first row begins: behind a byte order mark.
  let start: Int

  /// The separator that occurs most often in the first row, of equal ones the comma.
  init(_ bytes: [UInt8]) {
    start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for byte in bytes[start...] {
      if byte == 10 { break }
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if isQuoted { continue }
      counts[byte, default: 0] += 1
    }
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), 9]
    separator = candidates.reduce(candidates[0]) { best, candidate in
      counts[candidate, default: 0] > counts[best, default: 0] ? candidate : best
    }
  }

  /// The fields of the row at `position`, which moves to the next row; without quotes and the
  /// spaces around them.
  func row(_ bytes: [UInt8], _ position: inout Int) -> [String] {
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case separator where !isQuoted:
        fields.append(Self.text(field))
        field = []
      case 10:
        // Quotes do not reach over a line, or one too many would swallow the rest.
        fields.append(Self.text(field))
        return fields
      default: field.append(byte)
      }
    }
    fields.append(Self.text(field))
    return fields
  }

  static func text(_ field: [UInt8]) -> String {
    let isSpace: (UInt8) -> Bool = { [0x20, 0x09, 0x0D].contains($0) }
    let body = field.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
    return String(decoding: body, as: UTF8.self)
  }

  /// The number that a field is; `;` leaves the comma for decimals.
  func number(_ field: String) -> Double? {
    if let number = Double(field) { return number.isFinite ? number : nil }
    guard separator != UInt8(ascii: ","), field.contains(",") else { return nil }
    return Double(field.replacing(",", with: "."))
  }
}
