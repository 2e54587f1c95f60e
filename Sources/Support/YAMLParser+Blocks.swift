// Collections that are told by their indentation.
extension YAMLParser {
  /// What a value belongs to.
  enum Holder { case document, key, item }

  /// The value behind a key, a dash or the start of the document: on the same line, or on lines
  /// below it that are indented deeper than `parent`.
  mutating func parseValue(inside parent: Int, of holder: Holder) throws(Failure) -> JSONValue {
    skipBlanks()
    if isAtLineEnd {
      try skipToContent()
      return try parseBelow(parent, holder: holder)
    }
    guard holder == .item else {
      return try parseNode(inside: parent, of: holder, beginsLine: false)
    }
    let isAfterTab = bytes[position - 1] == 0x09
    if isAfterTab, isAtKey || isAtIndicator("-") { throw failure(.tab, at: position - 1) }
    return try parseNode(inside: parent, of: holder, beginsLine: true)
  }

  /// The value that begins on this line; null if the line belongs to something further out.
  mutating func parseBelow(_ parent: Int, holder: Holder) throws(Failure) -> JSONValue {
    guard next != nil, !isAtMarker else { return .null }
    // The items of a key may stand right below it.
    let isItem = holder == .key && column == parent && isAtIndicator("-")
    guard column > parent || isItem else { return .null }
    return try parseNode(inside: parent, of: holder, beginsLine: true)
  }

  /// - Parameter beginsLine: whether nothing but dashes stands before it, so that it may be a
  ///   mapping or a sequence.
  mutating func parseNode(
    inside parent: Int, of holder: Holder, beginsLine: Bool
  ) throws(Failure) -> JSONValue {
    if isAtIndicator("-") || isAtKey {
      guard beginsLine else { throw failure(.besideKey(lineText), at: position) }
      return try descend { parser throws(Failure) in
        parser.isAtIndicator("-")
          ? try parser.parseSequence(inside: parent) : try parser.parseMapping()
      }
    }
    switch next {
    case UInt8(ascii: "&"), UInt8(ascii: "!"):
      return try descend { parser throws(Failure) in
        try parser.parseMarked(inside: parent, of: holder)
      }
    case UInt8(ascii: "*"):
      let value = try parseAlias()
      try endLine()
      return value
    case UInt8(ascii: "|"), UInt8(ascii: ">"): return try parseBlockText(inside: parent)
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      let value = try parseFlow()
      skipBlanks()
      if isAtIndicator(":") { throw unsupported(.collectionKey) }
      try endLine()
      return value
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      let text = try parseQuoted()
      try endLine()
      return .string(text)
    default: return try parsePlain(inside: parent, beginsLine: beginsLine)
    }
  }

  private mutating func parseSequence(inside parent: Int) throws(Failure) -> JSONValue {
    let own = column
    var values: [JSONValue] = []
    repeat {
      places.enter(values.count, at: position)
      position += 1
      values.append(try parseValue(inside: own, of: .item))
      places.leave()
      try skipToContent()
      try checkIndentation(own)
    } while next != nil && column == own && isAtIndicator("-")
    // Below a key that stands as far left, the next key does too.
    if next != nil, column == own, own > parent, !isAtMarker { throw unexpected("'- '") }
    return .array(values)
  }

  private mutating func parseMapping() throws(Failure) -> JSONValue {
    let own = column
    var mapping = YAMLMapping()
    repeat {
      let keyStart = position
      let key = try parseKey()
      try checkIsNew(key, at: keyStart, in: mapping)
      places.enter(key, at: keyStart)
      let value = try parseValue(inside: own, of: .key)
      places.leave()
      try add(key, value, at: keyStart, to: &mapping)
      try skipToContent()
      try checkIndentation(own)
    } while next != nil && column == own && !isAtMarker
    return .object(mapping.object)
  }

  /// Refuses a line that is indented deeper than the collection before it, and remembers where
  /// that ends.
  private mutating func checkIndentation(_ own: Int) throws(Failure) {
    guard next != nil else { return }
    if column > own { throw misplaced(own) }
    if column < own, lastEnd.offset != position { lastEnd = (position, own) }
  }
}

// Keys.
extension YAMLParser {
  /// Whether a key and its colon come next, on one line.
  var isAtKey: Bool {
    var ahead = self
    do throws(Failure) {
      _ = try ahead.parseKey()
      return true
    } catch {
      return false
    }
  }

  /// A key and its colon.
  private mutating func parseKey() throws(Failure) -> String {
    let start = position
    let isQuoted = next == UInt8(ascii: "\"") || next == UInt8(ascii: "'")
    let text = isQuoted ? try parseQuoted() : try parsePlainLine(inFlow: false)
    let end = position
    skipBlanks()
    guard isAtIndicator(":"), !bytes[start..<end].contains(0x0A) else {
      position = end
      throw failure(.missingColon(text: excerpt(start..<end)), at: start)
    }
    position += 1
    return text
  }

  /// The text of a line up to a comment or a colon, for an error.
  private var lineText: String {
    var ahead = self
    ahead.skipLine()
    return excerpt(position..<ahead.position)
  }

  /// What stands somewhere, cut where it is long or a line ends.
  func excerpt(_ range: Range<Int>) -> String {
    let text = String(decoding: bytes[range].prefix { $0 != 0x0A }, as: UTF8.self)
    return text.count > 40 ? text.prefix(37) + "..." : text
  }
}
