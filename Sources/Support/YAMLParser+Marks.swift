// What stands before a value: tags and anchors; aliases and merge keys, which bring values back.
//
// An alias is worth a copy of its value. How many values the copies of a text hold is limited, so
// that a few lines of aliases of aliases are no memory full of them.

/// The tags of YAML's core schema (version 1.2.2, section 10.3), by what follows `!!`.
enum YAMLTag: String {
  case null, truth = "bool", wholeNumber = "int", number = "float", text = "str"
  case sequence = "seq", mapping = "map"

  /// A value that was read without its tag, as what the tag says; `nil` if it is something else.
  func value(of given: JSONValue) -> JSONValue? {
    switch (self, given) {
    case (.null, .null), (.truth, .bool), (.wholeNumber, .integer), (.number, .number),
      (.text, .string), (.sequence, .array), (.mapping, .object):
      given
    case (.null, ""): .null
    case (.text, .null): ""
    case (.number, .integer(let number)): .number(Double(number))
    case (.number, .string(let text)): Self.number(text).flatMap(value(of:))
    case (.wholeNumber, .string(let text)): Self.number(text).flatMap(value(of:))
    // What YAML 1.1 calls truth.
    case (.truth, .string(let text)):
      ["yes", "on", "true"].contains(text.lowercased())
        ? true : ["no", "off", "false"].contains(text.lowercased()) ? false : nil
    default: nil
    }
  }

  private static func number(_ text: String) -> JSONValue? {
    switch YAMLNumber(text) {
    case .whole(let number): .integer(number)
    case .real(let number): .number(number)
    default: nil
    }
  }
}

/// A value that aliases may stand for.
struct AnchoredValue {
  let value: JSONValue
  /// How many values it holds, itself included, and in how many levels.
  let count: Int
  let depth: Int

  init(_ value: JSONValue) {
    let inner =
      switch value {
      case .array(let values): values.map(AnchoredValue.init)
      case .object(let members): members.map { AnchoredValue($0.value) }
      default: [AnchoredValue]()
      }
    self.value = value
    count = inner.reduce(1) { $0 + $1.count }
    depth = inner.isEmpty ? 0 : 1 + (inner.map(\.depth).max() ?? 0)
  }
}

/// A mapping as far as it is read.
struct YAMLMapping {
  fileprivate(set) var own = JSONObject()
  /// Where the keys of `own` begin.
  fileprivate(set) var starts: [Int] = []
  /// What merge keys bring in.
  fileprivate var merged = JSONObject()

  /// All members: its own win over those that are merged.
  var object: JSONObject {
    guard !merged.isEmpty else { return own }
    var result = merged
    for (key, value) in own { result[key] = value }
    return result
  }
}

// Values with something before them, and aliases.
extension YAMLParser {
  private static let mostCopies = 100_000

  /// A value behind its tag and anchor, on the same line or below.
  mutating func parseMarked(inside parent: Int, of holder: Holder) throws(Failure) -> JSONValue {
    let marks = try parseMarks()
    takesText = marks.tag == .text
    defer { takesText = false }
    guard isAtLineEnd else {
      return try finish(
        marks, try parseNode(inside: parent, of: holder, beginsLine: false))
    }
    try skipToContent()
    return try finish(marks, try parseBelow(parent, holder: holder))
  }

  mutating func parseMarkedInFlow() throws(Failure) -> JSONValue {
    let marks = try parseMarks()
    takesText = marks.tag == .text
    defer { takesText = false }
    let isEmpty = next.map(isFlowIndicator) == true && ",]}".utf8.contains(next ?? 0)
    return try finish(marks, isEmpty ? .null : try parseFlow())
  }

  mutating func parseAlias() throws(Failure) -> JSONValue {
    let start = position
    let name = takeMark()
    guard let anchored = anchors[name] else { throw failure(.unknownAlias(name), at: start) }
    copies += anchored.count
    guard copies <= Self.mostCopies else {
      throw failure(.tooManyCopies(limit: Self.mostCopies), at: start)
    }
    guard anchored.depth <= levelsLeft else {
      throw failure(.tooDeep(limit: JSONValue.maximumDepth), at: start)
    }
    return anchored.value
  }

  private struct Marks {
    var anchor: String?
    var tag: YAMLTag?
    /// Where the tag begins, and its text.
    var start = 0
    var text = ""
  }

  private mutating func parseMarks() throws(Failure) -> Marks {
    var marks = Marks()
    while next == UInt8(ascii: "&") || next == UInt8(ascii: "!") {
      let start = position
      if next == UInt8(ascii: "&") {
        marks.anchor = takeMark()
      } else {
        let ahead = self
        let text = takeMark()
        guard let tag = Self.tag("!" + text) else { throw ahead.unsupported(.tag) }
        (marks.tag, marks.start, marks.text) = (tag, start, "!" + text)
      }
      skipBlanks()
    }
    return marks
  }

  /// The text behind an indicator, up to a space or to what ends a value within brackets.
  private mutating func takeMark() -> String {
    position += 1
    let start = position
    while !isBlank(at: position), let byte = next, !isFlowIndicator(byte) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// `!!float`, or `!` alone, which makes a text.
  private static func tag(_ text: String) -> YAMLTag? {
    if text == "!" { return .text }
    return text.hasPrefix("!!") ? YAMLTag(rawValue: String(text.dropFirst(2))) : nil
  }

  private mutating func finish(
    _ marks: Marks, _ given: JSONValue
  ) throws(Failure) -> JSONValue {
    let value = marks.tag.map { $0.value(of: given) } ?? given
    guard let value else {
      throw failure(.wrongTag(marks.text, found: given.excerpt), at: marks.start)
    }
    if let anchor = marks.anchor { anchors[anchor] = AnchoredValue(value) }
    return value
  }
}

// Members.
extension YAMLParser {
  func checkIsNew(
    _ key: String, at start: Int, in mapping: YAMLMapping
  ) throws(Failure) {
    guard mapping.own[key] == nil else {
      throw duplicate(key, at: start, of: mapping.own, mapping.starts)
    }
  }

  /// Adds a member whose key begins at `start`, or the members that it brings in.
  func add(
    _ key: String, _ value: JSONValue, at start: Int, to mapping: inout YAMLMapping
  ) throws(Failure) {
    // In quotes it is a key like any other.
    guard key == "<<", byte(at: start) == UInt8(ascii: "<") else {
      mapping.own[key] = value
      mapping.starts.append(start)
      return
    }
    // Of several the first wins.
    for source in (value.array ?? [value]).reversed() {
      guard let members = source.object else {
        throw failure(.badMerge(found: source.excerpt), at: start)
      }
      for (key, value) in members { mapping.merged[key] = value }
    }
  }
}
