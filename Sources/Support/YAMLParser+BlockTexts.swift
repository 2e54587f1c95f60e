// Texts of whole lines, behind `|` (as they are) or `>` (folded).
extension YAMLParser {
  /// What becomes of the line breaks at a text's end.
  private enum Chomping { case one, none, all }

  mutating func parseBlockText(inside parent: Int) throws(Failure) -> JSONValue {
    let isFolded = next == UInt8(ascii: ">")
    position += 1
    let (chomping, given) = try parseHeader()
    var (lines, endsInBreak) = try parseLines(
      indentation: given.map { max(parent, 0) + $0 }, atLeast: max(parent + 1, 1))
    let emptyCount = lines.reversed().prefix(while: \.isEmpty).count
    lines.removeLast(emptyCount)
    var text = isFolded ? Self.folded(lines) : lines.joined(separator: "\n")
    let breakCount = emptyCount + (endsInBreak ? 1 : 0) - (lines.isEmpty ? 1 : 0)
    switch chomping {
    case .none: break
    case .one: if !lines.isEmpty, breakCount > 0 { text += "\n" }
    case .all: text += String(repeating: "\n", count: max(0, breakCount))
    }
    return .string(text)
  }

  /// `-`, `+` and a digit, in any order, and the rest of their line.
  private mutating func parseHeader() throws(Failure) -> (Chomping, indentation: Int?) {
    var chomping: Chomping?
    var indentation: Int?
    while let byte = next, !isBlank(at: position) {
      switch byte {
      case UInt8(ascii: "-") where chomping == nil: chomping = Chomping.none
      case UInt8(ascii: "+") where chomping == nil: chomping = .all
      case UInt8(ascii: "1")...UInt8(ascii: "9") where indentation == nil:
        indentation = Int(byte - UInt8(ascii: "0"))
      default: throw badHeader
      }
      position += 1
    }
    skipBlanks()
    guard isAtLineEnd else { throw badHeader }
    skipLine()
    _ = skip("\n")
    return (chomping ?? .one, indentation)
  }

  private var badHeader: Failure {
    failure(.badHeader(found: bytes.found(at: position)), at: position)
  }

  /// The lines that are indented far enough, without their indentation, which is that of the
  /// first one if it is not given.
  ///
  /// - Returns: also whether the last line ends in a line break.
  private mutating func parseLines(
    indentation given: Int?, atLeast least: Int
  ) throws(Failure) -> (lines: [String], endsInBreak: Bool) {
    var indentation = given
    var lines: [String] = []
    var endsInBreak = false
    while next != nil {
      let start = position
      while next == 0x20, position - start < indentation ?? .max { position += 1 }
      let isEmpty = next == nil || next == 0x0A
      if !isEmpty {
        let found = position - start
        if found < indentation ?? least {
          if next == 0x09 { throw failure(.tab, at: position) }
          position = start
          break
        }
        indentation = indentation ?? found
      }
      let textStart = position
      skipLine()
      lines.append(isEmpty ? "" : String(decoding: bytes[textStart..<position], as: UTF8.self))
      endsInBreak = skip("\n")
    }
    return (lines, endsInBreak)
  }

  /// Joins lines with spaces; those that begin with a space keep their line breaks.
  private static func folded(_ lines: [String]) -> String {
    func isIndented(_ line: String) -> Bool { line.hasPrefix(" ") || line.hasPrefix("\t") }
    var text = ""
    var last: String?
    var emptyCount = 0
    for line in lines {
      guard !line.isEmpty else {
        emptyCount += 1
        continue
      }
      let keepsBreak = isIndented(line) || last.map(isIndented) ?? false
      if last == nil || emptyCount > 0 || keepsBreak {
        let breakCount = emptyCount + (keepsBreak && last != nil ? 1 : 0)
        text += String(repeating: "\n", count: breakCount)
      } else {
        text += " "
      }
      text += line
      (last, emptyCount) = (line, 0)
    }
    return text
  }
}
