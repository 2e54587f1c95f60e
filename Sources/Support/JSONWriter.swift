extension JSONValue {
  /// The value as JSON text. Doubles have the fewest digits that read back as the same number and
  /// always a point or an exponent; NaN and infinities are written as `null`.
  ///
  /// - Parameter pretty: two spaces a level, a member a line, arrays of plain values on one line,
  ///   and a line break at the end. Otherwise there is no white space at all.
  public func text(pretty: Bool = false) -> String {
    var writer = JSONWriter(pretty: pretty)
    writer.write(self, depth: 0)
    if pretty { writer.bytes.append(0x0A) }
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

private struct JSONWriter {
  let pretty: Bool
  var bytes: [UInt8] = []

  init(pretty: Bool) { self.pretty = pretty }

  mutating func write(_ value: JSONValue, depth: Int) {
    switch value {
    case .null: append("null")
    case .bool(let value): append(value ? "true" : "false")
    case .integer(let value): append("\(value)")
    case .number(let value): append(value.isFinite ? "\(value)" : "null")
    case .string(let value): write(string: value)
    case .array(let values): write(array: values, depth: depth)
    case .object(let members): write(object: members, depth: depth)
    }
  }

  private mutating func write(array: [JSONValue], depth: Int) {
    let onOneLine = !pretty || array.allSatisfy(\.isPlain)
    append("[")
    for (index, value) in array.enumerated() {
      if index > 0 { append(pretty && onOneLine ? ", " : ",") }
      if !onOneLine { breakLine(depth: depth + 1) }
      write(value, depth: depth + 1)
    }
    if !onOneLine { breakLine(depth: depth) }
    append("]")
  }

  private mutating func write(object: JSONObject, depth: Int) {
    append("{")
    for (index, (key, value)) in object.enumerated() {
      if index > 0 { append(",") }
      if pretty { breakLine(depth: depth + 1) }
      write(string: key)
      append(pretty ? ": " : ":")
      write(value, depth: depth + 1)
    }
    if pretty, !object.isEmpty { breakLine(depth: depth) }
    append("}")
  }

  /// What would control a terminal is escaped too, where JSON does not demand it.
  private mutating func write(string: String) {
    append("\"")
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": append("\\\"")
      case "\\": append("\\\\")
      case "\u{8}": append("\\b")
      case "\t": append("\\t")
      case "\n": append("\\n")
      case "\u{C}": append("\\f")
      case "\r": append("\\r")
      case _ where scalar.isControlling: append(scalar.jsonEscape)
      default: bytes.append(contentsOf: UTF8.encode(scalar)!)
      }
    }
    append("\"")
  }

  private mutating func breakLine(depth: Int) {
    append("\n")
    for _ in 0..<depth { append("  ") }
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}

extension JSONValue {
  /// Neither an array nor an object.
  fileprivate var isPlain: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }
}
