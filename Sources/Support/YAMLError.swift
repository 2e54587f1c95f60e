/// A text that is not YAML as it is read here, and where.
public struct YAMLError: UserError, Equatable {
  /// What can be wrong with a YAML text.
  public enum Problem: Equatable, Sendable {
    case unexpected(found: String, expected: String)
    /// A text stands where a key and its colon belong.
    case missingColon(text: String)
    /// A mapping or a sequence begins behind a key, on its line.
    case besideKey(String)
    case indentation(found: Int, expected: [Int])
    case tab
    case unclosed(String)
    case unsupported(Feature, text: String)
    case reserved(Character)
    case duplicateKey(String, firstLine: Int)
    case leadingZero(number: String)
    case notFinite(number: String)
    case badEscape(found: String)
    case badHeader(found: String)
    /// A value that is not what the tag before it says.
    case wrongTag(String, found: String)
    case unknownAlias(String)
    /// `<<` with something else than mappings.
    case badMerge(found: String)
    case tooManyCopies(limit: Int)
    case tooDeep(limit: Int)
    case controlCharacter(UInt8)
    case invalidUTF8(byte: UInt8)
  }

  /// What YAML has and a list of settings does not need.
  public enum Feature: Equatable, Sendable {
    case anchor, alias, tag, longKey, collectionKey, directive, severalDocuments
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

extension YAMLError.Problem {
  fileprivate var text: String {
    switch self {
    case .unexpected(let found, let expected): "found \(found), expected \(expected)"
    case .missingColon(let text):
      "'\(text)' has no value; write a colon and a space between key and value"
    case .besideKey(let text):
      "'\(text)' begins behind another key; move it to a line of its own, indented deeper, or put "
        + "the text into quotes"
    case .indentation(let found, let expected):
      "indented by \(counted(found, "space")), but the lines above by "
        + "\(expected.map { "\($0)" }.asChoices); indent it as those it belongs to"
    case .tab: "found a tab before the text; indent with spaces"
    case .unclosed(let opener): "\(opener) is never closed; close it"
    case .unsupported(let feature, let text): feature.text(text)
    case .reserved(let character):
      "a text cannot begin with '\(character)'; put it into quotes"
    case .duplicateKey(let key, let line):
      "key '\(key)' appears a second time, first on line \(line); keep one of them"
    case .leadingZero(let number):
      "number \(number) starts with a needless 0; remove it, or put the text into quotes"
    case .notFinite(let number):
      "number \(number) is not finite as a 64-bit float; write a number within 1.8e308"
    case .badEscape(let found):
      "found \(found), which is no escape; write \\\\ for a backslash, or use single quotes"
    case .badHeader(let found):
      "found \(found) behind '|' or '>'; only '-', '+', a digit from 1 to 9 or a comment stand there"
    case .wrongTag(let tag, let found): "\(found) is not what '\(tag)' says; remove the tag"
    case .unknownAlias(let name):
      "'*\(name)' stands for what '&\(name)' marks, and nothing above is marked so"
    case .badMerge(let found):
      "'<<' takes in the members of a mapping, or of several in a list, got \(found)"
    case .tooManyCopies(let limit):
      "aliases stand for more than \(limit) values; write fewer"
    case .tooDeep(let limit): "nested deeper than \(limit) levels; flatten it"
    case .controlCharacter(let byte): "byte \(byte.hex) is no text; remove it"
    case .invalidUTF8(let byte): "byte \(byte.hex) is not valid UTF-8; save the file as UTF-8"
    }
  }
}

extension YAMLError.Feature {
  fileprivate func text(_ found: String) -> String {
    switch self {
    case .anchor, .alias:
      "'\(found)' is an \(self == .anchor ? "anchor" : "alias"), which stands before a value here, "
        + "not before a key; move it, or put the text into quotes"
    case .tag: "'\(found)' is a tag, which is not read here; remove it"
    case .longKey: "found '?', a key of several lines; write the key and its colon on one line"
    case .collectionKey: "a list or a mapping stands where a key does; a key is a text"
    case .directive: "'\(found)' is a directive, which is not read here; remove the line"
    case .severalDocuments: "a second document begins; keep one in a file"
    }
  }
}
