import Support

/// The text of a C99 program that is being written: arrays, functions that are used, and the calls of
/// the network.
struct CSource {
  private(set) var arrays: [String] = []
  private(set) var functions: [(name: String, text: String)] = []
  private(set) var calls: [String] = []
  private(set) var needsMathematics = false
  /// Bytes of the arrays.
  private(set) var constantBytes = 0

  /// Adds an array of floats.
  ///
  /// - Returns: its name in C.
  mutating func array(_ name: String, _ values: [Float]) -> String {
    constantBytes += 4 * values.count
    return add(name, "float", values.map { "\($0)f" }, perLine: 8)
  }

  /// Adds an array of whole numbers.
  mutating func array<Number: FixedWidthInteger>(_ name: String, _ values: [Number]) -> String {
    constantBytes += values.count * Number.bitWidth / 8
    // The smallest number of 32 bits has no text of its own in C.
    let texts = values.map { $0 == Int32.min ? "(-2147483647 - 1)" : "\($0)" }
    return add(name, "int\(Number.bitWidth)_t", texts, perLine: 20)
  }

  private mutating func add(
    _ name: String, _ type: String, _ texts: [String], perLine: Int
  ) -> String {
    let identifier = Self.identifier(name)
    let lines = stride(from: 0, to: texts.count, by: perLine).map { start in
      "  " + texts[start..<min(start + perLine, texts.count)].joined(separator: ", ")
    }
    arrays.append(
      "static const \(type) \(identifier)[\(texts.count)] EMNIST_FLASH = {\n"
        + lines.joined(separator: ",\n") + "\n};\n")
    return identifier
  }

  /// Adds a function, if it is not there.
  mutating func use(_ name: String, _ text: String, mathematics: Bool = false) {
    needsMathematics = needsMathematics || mathematics
    if !functions.contains(where: { $0.name == name }) { functions.append((name, text)) }
  }

  mutating func call(_ line: String) { calls.append("  \(line)\n") }

  mutating func requireMathematics() { needsMathematics = true }

  /// A layer's name as C allows it: `res1_conv1`.
  static func identifier(_ name: String) -> String {
    name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? String($0) : "_" }.joined()
  }

  /// A text within quotation marks; bytes beyond ASCII are written as numbers.
  static func literal(_ text: String) -> String {
    let characters = text.utf8.map { byte -> String in
      switch byte {
      // A question mark could begin a trigraph.
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "?"):
        "\\" + String(UnicodeScalar(byte))
      case 32..<127: String(UnicodeScalar(byte))
      // Three digits always, so that a digit behind them is none of theirs.
      default: "\\" + octal(byte)
      }
    }
    return "\"" + characters.joined() + "\""
  }

  private static func octal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 8)
    return String(repeating: "0", count: 3 - digits.count) + digits
  }

  /// A text within a comment, which nothing in it can end.
  static func comment(_ text: String) -> String {
    text.shown.replacing("*/", with: "* /").replacing("/*", with: "/ *")
  }
}
