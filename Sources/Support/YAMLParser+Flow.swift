// Collections in brackets, over as many lines as they like.
extension YAMLParser {
  mutating func parseFlow() throws(Failure) -> JSONValue {
    switch next {
    case UInt8(ascii: "["):
      return try descend { parser throws(Failure) in .array(try parser.parseFlowSequence()) }
    case UInt8(ascii: "{"):
      return try descend { parser throws(Failure) in .object(try parser.parseFlowMapping()) }
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try parseQuoted())
    case UInt8(ascii: "*"): return try parseAlias()
    case UInt8(ascii: "&"), UInt8(ascii: "!"):
      return try descend { parser throws(Failure) in try parser.parseMarkedInFlow() }
    default:
      let start = position
      return try meaning(of: parsePlainLine(inFlow: true), at: start)
    }
  }

  private mutating func parseFlowSequence() throws(Failure) -> [JSONValue] {
    let start = position
    position += 1
    var values: [JSONValue] = []
    repeat {
      try skipFlowSpace(in: start)
      if skip("]") { return values }
      places.enter(values.count, at: position)
      values.append(try parseFlow())
      places.leave()
      try skipFlowSpace(in: start)
    } while skip(",")
    guard skip("]") else { throw unexpected("',' or ']'") }
    return values
  }

  private mutating func parseFlowMapping() throws(Failure) -> JSONObject {
    let start = position
    position += 1
    var mapping = YAMLMapping()
    repeat {
      try skipFlowSpace(in: start)
      if skip("}") { return mapping.object }
      let keyStart = position
      let key = try parseFlowKey(in: start)
      try checkIsNew(key, at: keyStart, in: mapping)
      try skipFlowSpace(in: start)
      places.enter(key, at: keyStart)
      let isEmpty = next == UInt8(ascii: ",") || next == UInt8(ascii: "}")
      let value = isEmpty ? .null : try parseFlow()
      places.leave()
      try add(key, value, at: keyStart, to: &mapping)
      try skipFlowSpace(in: start)
    } while skip(",")
    guard skip("}") else { throw unexpected("',' or '}'") }
    return mapping.object
  }

  /// A key and its colon, which need not be followed by a space if the key is in quotes.
  private mutating func parseFlowKey(in opener: Int) throws(Failure) -> String {
    let start = position
    let isQuoted = next == UInt8(ascii: "\"") || next == UInt8(ascii: "'")
    if next == UInt8(ascii: "[") || next == UInt8(ascii: "{") { throw unsupported(.collectionKey) }
    let text = isQuoted ? try parseQuoted() : try parsePlainLine(inFlow: true)
    let end = position
    try skipFlowSpace(in: opener)
    guard isQuoted ? next == UInt8(ascii: ":") : isAtFlowColon else {
      throw failure(.missingColon(text: excerpt(start..<end)), at: start)
    }
    position += 1
    return text
  }

  /// Whether a colon comes next that ends a key without quotes.
  var isAtFlowColon: Bool {
    next == UInt8(ascii: ":")
      && (isBlank(at: position + 1) || isFlowIndicator(bytes[position + 1]))
  }

  func isFlowIndicator(_ byte: UInt8) -> Bool { ",[]{}".utf8.contains(byte) }

  /// Skips spaces, line breaks and comments within the bracket that opened at `start`.
  private mutating func skipFlowSpace(in start: Int) throws(Failure) {
    while true {
      skipBlanks()
      if next == UInt8(ascii: "#"), isAtLineEnd { skipLine() }
      guard skip("\n"), !isAtMarker else { break }
    }
    guard next != nil, !isAtMarker else {
      let opener = String(decoding: bytes[start...start], as: UTF8.self)
      throw failure(.unclosed("'\(opener)'"), at: start)
    }
  }
}
