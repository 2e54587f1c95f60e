/// A strict reader of XML without entities of its own, so that tests can look into what was drawn
/// and fail where a reader of XML would.
struct XMLText {
  struct Element {
    let name: String
    let attributes: [String: String]
    /// The text directly within.
    var text = ""

    func number(_ name: String) -> Double { attributes[name].flatMap(Double.init) ?? .nan }
  }

  struct Malformed: Error, CustomStringConvertible {
    let description: String
  }

  /// Every element, in the order of its start tags.
  private(set) var elements: [Element] = []
  private var open: [Int] = []

  init(_ document: String) throws {
    let text = document.hasPrefix("<!DOCTYPE html>\n") ? String(document.dropFirst(16)) : document
    // What stands before each `<` is text, what stands behind it a tag and text.
    let parts = text.utf8.split(separator: UInt8(ascii: "<"), omittingEmptySubsequences: false)
    try readText(parts.first ?? text.utf8[...])
    for part in parts.dropFirst() {
      guard let end = part.firstIndex(of: UInt8(ascii: ">")) else {
        throw Malformed(description: "a tag is not closed: \(Substring(part).prefix(40))")
      }
      try readTag(Substring(part[..<end]))
      try readText(part[part.index(after: end)...])
    }
    guard open.isEmpty, !elements.isEmpty else { throw Malformed(description: "not closed") }
  }

  func named(_ name: String) -> [Element] { elements.filter { $0.name == name } }

  private mutating func readText(_ text: Substring.UTF8View) throws {
    guard !text.isEmpty else { return }
    if let current = open.last { return elements[current].text += try unescaped(Substring(text)) }
    guard text.allSatisfy({ $0 == 0x20 || $0 == 0x0A }) else {
      throw Malformed(description: "text outside")
    }
  }

  private mutating func readTag(_ tag: Substring) throws {
    if tag.utf8.first == UInt8(ascii: "/") {
      guard let last = open.popLast(), elements[last].name == tag.dropFirst() else {
        throw Malformed(description: "<\(tag)> closes nothing")
      }
      return
    }
    let isEmpty = tag.utf8.last == UInt8(ascii: "/")
    if open.isEmpty, !elements.isEmpty { throw Malformed(description: "a second root") }
    elements.append(try Self.element(isEmpty ? tag.dropLast() : tag))
    if !isEmpty { open.append(elements.count - 1) }
  }

  /// `rect x="1" y="2"`
  private static func element(_ tag: Substring) throws -> Element {
    let parts = tag.utf8.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
    let head = Substring(parts[0]).split(separator: " ", omittingEmptySubsequences: false)
    guard let name = head.first, isName(name.utf8),
      parts.count % 2 == 1, parts.count == 1 || parts.last?.isEmpty == true
    else { throw Malformed(description: "<\(tag.prefix(40))>") }
    var attributes: [String: String] = [:]
    for position in stride(from: 0, to: parts.count - 1, by: 2) {
      // Before a value stands ` key=`, before the first also the name.
      let before =
        position == 0 ? Substring(parts[0]).dropFirst(name.count) : Substring(parts[position])
      let key = before.dropFirst().dropLast()
      guard before.utf8.first == UInt8(ascii: " "), before.utf8.last == UInt8(ascii: "="),
        isKey(key.utf8),
        attributes.updateValue(try unescaped(Substring(parts[position + 1])), forKey: String(key))
          == nil
      else { throw Malformed(description: "attributes of <\(tag.prefix(40))>") }
    }
    guard parts.count > 1 || head.count == 1 else {
      throw Malformed(description: "attributes of <\(tag.prefix(40))>")
    }
    return Element(name: String(name), attributes: attributes)
  }

  // Byte by byte: pages have tens of thousands of attributes, and patterns take their time.

  /// A small letter, and then small letters and digits.
  private static func isName(_ bytes: Substring.UTF8View) -> Bool {
    guard let first = bytes.first, isLetter(first) else { return false }
    return bytes.allSatisfy { isLetter($0) || isDigit($0) }
  }

  /// A letter, and then letters, digits, colons and hyphens.
  private static func isKey(_ bytes: Substring.UTF8View) -> Bool {
    guard let first = bytes.first, isLetter(first | 0x20) else { return false }
    return bytes.allSatisfy {
      isLetter($0 | 0x20) || isDigit($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "-")
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}

/// `text` with the five entities that every XML has.
private func unescaped(_ text: Substring) throws -> String {
  guard text.utf8.contains(UInt8(ascii: "&")) else { return String(text) }
  let known = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "#39": "'"]
  let parts = text.split(separator: "&", omittingEmptySubsequences: false)
  return try parts.dropFirst().reduce(String(parts.first ?? "")) { result, part in
    guard let end = part.firstIndex(of: ";"), let value = known[String(part[..<end])] else {
      throw XMLText.Malformed(description: "'&' in \(part.prefix(40))")
    }
    return result + value + part[part.index(after: end)...]
  }
}
