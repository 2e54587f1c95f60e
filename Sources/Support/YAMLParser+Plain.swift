import Platform

// Texts without quotes, and what they mean.
extension YAMLParser {
  /// A text without quotes, on one line or on several that are indented deeper than `parent`.
  mutating func parsePlain(inside parent: Int, beginsLine: Bool) throws(Failure) -> JSONValue {
    let start = position
    var text = try parsePlainLine(inFlow: false)
    var isOneLine = true
    while let breaks = try skipToContinuation(of: parent) {
      if isAtIndicator("-") || isAtKey {
        throw parent < 0 || beginsLine && column == column(of: start)
          ? failure(.missingColon(text: text), at: start) : misplaced(parent)
      }
      text += breaks == 1 ? " " : String(repeating: "\n", count: breaks - 1)
      text += try parsePlainLine(inFlow: false, isFirst: false)
      isOneLine = false
    }
    try endLine()
    return isOneLine ? try meaning(of: text, at: start) : .string(text)
  }

  /// Goes to the next line of a text without quotes.
  ///
  /// - Returns: the number of line breaks on the way; `nil` if there is no such line, and then it
  ///   goes nowhere.
  private mutating func skipToContinuation(of parent: Int) throws(Failure) -> Int? {
    let end = position
    skipBlanks()
    guard next == 0x0A else {
      position = end
      return nil
    }
    let breaks = try skipEmptyLines()
    guard next != nil, column > parent, !isAtLineEnd, !isAtMarker else {
      position = end
      return nil
    }
    return breaks
  }

  /// The rest of a line up to a comment, a colon, or a bracket or comma within brackets; goes to
  /// its end.
  mutating func parsePlainLine(inFlow: Bool, isFirst: Bool = true) throws(Failure) -> String {
    let start = position
    if isFirst { try checkPlainStart(inFlow: inFlow) }
    while let byte = next, byte != 0x0A {
      if byte == UInt8(ascii: "#"), position > 0, isBlank(at: position - 1) { break }
      if inFlow ? isFlowIndicator(byte) || isAtFlowColon : isAtIndicator(":") { break }
      position += 1
    }
    while position > start, isBlank(at: position - 1) { position -= 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Refuses what no text without quotes begins with.
  private func checkPlainStart(inFlow: Bool) throws(Failure) {
    let isAlone =
      isBlank(at: position + 1) || inFlow && isFlowIndicator(bytes[position + 1])
    switch next.map(Unicode.Scalar.init) {
    case "&": throw unsupported(.anchor)
    case "*": throw unsupported(.alias)
    case "!": throw unsupported(.tag)
    case "?" where isAlone: throw unsupported(.longKey)
    case "%", "@", "`", "|", ">":
      throw failure(.reserved(Character(Unicode.Scalar(bytes[position]))), at: position)
    case "-" where isAlone, ":" where isAlone, ",", "[", "]", "{", "}", "#", "\n", nil:
      throw unexpected("a key or a value")
    default: break
    }
  }

  /// What a text without quotes stands for: null, a truth value, a number or itself.
  func meaning(of text: String, at start: Int) throws(Failure) -> JSONValue {
    if takesText { return .string(text) }
    switch text {
    case "null", "Null", "NULL", "~": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: break
    }
    switch YAMLNumber(text) {
    case .none: return .string(text)
    case .whole(let value): return .integer(value)
    case .real(let value): return .number(value)
    case .leadingZero: throw failure(.leadingZero(number: shortened(text)), at: start)
    case .notFinite: throw failure(.notFinite(number: shortened(text)), at: start)
    }
  }
}

/// A number as a text without quotes spells it.
enum YAMLNumber: Equatable {
  case none
  case whole(Int)
  case real(Double)
  case leadingZero
  case notFinite

  init(_ text: String) {
    let isNegative = text.hasPrefix("-")
    let digits = text.utf8.dropFirst(isNegative || text.hasPrefix("+") ? 1 : 0)
    if [".inf", ".nan"].contains(String(digits)?.lowercased()) {
      self = .notFinite
    } else if let value = Self.wholeWithBase(text) {
      self = value
    } else {
      self = Self.decimal(text, digits)
    }
  }

  /// `0o17` and `0xFF`.
  private static func wholeWithBase(_ text: String) -> YAMLNumber? {
    let base = text.hasPrefix("0x") ? 16 : text.hasPrefix("0o") ? 8 : nil
    let digits = text.utf8.dropFirst(2)
    guard let base, !digits.isEmpty,
      digits.allSatisfy({ Character(Unicode.Scalar($0)).hexDigitValue.map { $0 < base } ?? false })
    else { return nil }
    if let value = Int(text.dropFirst(2), radix: base) { return .whole(value) }
    return .real(
      digits.reduce(0) {
        $0 * Double(base) + Double(Character(Unicode.Scalar($1)).hexDigitValue ?? 0)
      })
  }

  /// `[-+]? ( . [0-9]+ | [0-9]+ (. [0-9]*)? ) ([eE] [-+]? [0-9]+)?`
  private static func decimal(_ text: String, _ unsigned: Substring.UTF8View) -> YAMLNumber {
    func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    var rest = unsigned
    func takeDigits() -> Int {
      let count = rest.prefix(while: isDigit).count
      rest = rest.dropFirst(count)
      return count
    }
    let wholeCount = takeDigits()
    var isWhole = true
    var count = wholeCount
    if rest.first == UInt8(ascii: ".") {
      isWhole = false
      rest = rest.dropFirst()
      count += takeDigits()
    }
    guard count > 0 else { return .none }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      isWhole = false
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
        rest = rest.dropFirst()
      }
      guard takeDigits() > 0 else { return .none }
    }
    guard rest.isEmpty else { return .none }
    if wholeCount > 1, unsigned.first == UInt8(ascii: "0") { return .leadingZero }
    if isWhole, let value = Int(text) { return .whole(value) }
    // A string ends in a 0 where the C library reads it; no place of an end is asked for.
    let value = unsafe strtod(text, nil)
    return value.isFinite ? .real(value) : .notFinite
  }
}
