/// A text that is not JSON, and where.
public struct JSONError: UserError, Equatable {
  /// What can be wrong with a JSON text.
  public enum Problem: Equatable, Sendable {
    case unexpected(found: String, expected: String)
    case trailingComma(before: String)
    case leadingZero(number: String)
    case numberTooLarge(number: String)
    case controlCharacter(UInt8)
    case badEscape(found: String)
    case loneSurrogate(escape: String)
    case duplicateKey(String, firstLine: Int)
    case tooDeep(limit: Int)
    case invalidUTF8(byte: UInt8)
    case byteOrderMark
  }

  public let path: String
  /// Counted from 1.
  public let line: Int
  /// In characters, counted from 1.
  public let column: Int
  public let problem: Problem
  public let exitCode: ExitCode

  public var description: String { "\(path): line \(line), column \(column): \(problem.text)" }
}

extension JSONError.Problem {
  fileprivate var text: String {
    switch self {
    case .unexpected(let found, let expected): "found \(found), expected \(expected)"
    case .trailingComma(let closer): "found '\(closer)' after a comma; remove the comma"
    case .leadingZero(let number): "number \(number) starts with a needless 0; remove it"
    case .numberTooLarge(let number):
      "number \(number) is beyond the range of 64-bit floats, 1.8e308; write a smaller one"
    case .controlCharacter(0x0A), .controlCharacter(0x0D):
      "found a line break inside a string; close the string or write \\n"
    case .controlCharacter(let byte):
      "found control character \(byte.hex) inside a string; write \(byte.jsonEscape)"
    case .badEscape(let found):
      "found \(found), expected an escape: \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four hex digits"
    case .loneSurrogate(let escape):
      "found \(escape), half of a surrogate pair; write both halves or the character itself"
    case .duplicateKey(let key, let line):
      "key '\(key)' appears a second time, first on line \(line); keep one of them"
    case .tooDeep(let limit): "nested deeper than \(limit) levels; flatten it"
    case .invalidUTF8(let byte): "byte \(byte.hex) is not valid UTF-8; save the file as UTF-8"
    case .byteOrderMark: "found a byte order mark; save the file as UTF-8 without one"
    }
  }
}

extension UInt8 {
  /// `0x0A`
  var hex: String {
    let digits = String(self, radix: 16, uppercase: true)
    return "0x" + (digits.count < 2 ? "0" : "") + digits
  }

  /// `\u000A`: how a control character is written inside a JSON string.
  var jsonEscape: String { Unicode.Scalar(self).jsonEscape }
}

extension Unicode.Scalar {
  /// `\u009B`; of one of four digits.
  var jsonEscape: String {
    let digits = String(value, radix: 16, uppercase: true)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}
