import Platform
import Support

/// When to use colour: the values of `--color`.
public enum ColorChoice: String, CaseIterable, Sendable {
  case auto, always, never
}

/// What the place where a text goes can show. Standard output and standard error each have their
/// own: one may be a terminal and the other a file.
public struct Terminal: Equatable, Sendable {
  /// In columns.
  public var width: Int
  /// Whether a line can be drawn over.
  public var canRedraw: Bool
  public var allowsColor: Bool
  /// Whether characters beyond ASCII are shown.
  public var allowsUnicode: Bool

  public init(width: Int, canRedraw: Bool, allowsColor: Bool, allowsUnicode: Bool) {
    self.width = width
    self.canRedraw = canRedraw
    self.allowsColor = allowsColor
    self.allowsUnicode = allowsUnicode
  }

  /// What a file descriptor (1: results, 2: messages) can show now.
  public init(descriptor: Int32, color: ColorChoice = .auto) {
    self.init(
      isTerminal: isatty(descriptor) == 1, windowWidth: windowWidth(of: descriptor), color: color,
      environment: ProcessInfo.processInfo.environment)
  }

  /// What can be shown, from what is known.
  ///
  /// `COLUMNS` wins over the window's width. Colour: `--color`, then `NO_COLOR` (no-color.org),
  /// then `FORCE_COLOR`, then whether it is a terminal that is not dumb. Unicode: the first of
  /// `LC_ALL`, `LC_CTYPE` and `LANG` that is set names UTF-8.
  public init(
    isTerminal: Bool, windowWidth: Int?, color: ColorChoice, environment: [String: String]
  ) {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    canRedraw = isTerminal && value("TERM") != "dumb"
    let columns = value("COLUMNS").flatMap { Int($0) }.flatMap {
      (1...10_000).contains($0) ? $0 : nil
    }
    width = columns ?? windowWidth ?? 80
    switch color {
    case .always: allowsColor = true
    case .never: allowsColor = false
    case .auto where value("NO_COLOR") != nil: allowsColor = false
    case .auto: allowsColor = value("FORCE_COLOR").map { $0 != "0" } ?? canRedraw
    }
    let locale = value("LC_ALL") ?? value("LC_CTYPE") ?? value("LANG") ?? ""
    let folded = locale.uppercased()
    allowsUnicode = folded.contains("UTF-8") || folded.contains("UTF8")
  }
}

/// The width of a terminal's window, or `nil` for a file or a pipe.
private func windowWidth(of descriptor: Int32) -> Int? {
  var size = winsize()
  // `ioctl` takes an address of whatever its second argument asks for; this asks for a `winsize`.
  guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
  return Int(size.ws_col)
}

/// Colours and weights of text, as ANSI escapes where colour is allowed and nothing elsewhere.
/// Only the sixteen named colours are used: people choose them to suit their background.
struct Style {
  enum Weight: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case boldRed = "1;31"
  }

  let isEnabled: Bool

  init(_ terminal: Terminal) { isEnabled = terminal.allowsColor }

  func callAsFunction(_ weight: Weight?, _ text: String) -> String {
    guard isEnabled, let weight, !text.isEmpty else { return text }
    return "\u{1B}[\(weight.rawValue)m\(text)\u{1B}[0m"
  }
}

extension String {
  /// The columns the text takes in a terminal: East Asian characters take two.
  var columnCount: Int { reduce(0) { $0 + $1.columnCount } }

  /// As much from the start as fits in so many columns.
  func cut(to columns: Int) -> String {
    var (text, used) = ("", 0)
    for character in self {
      used += character.columnCount
      if used > columns { break }
      text.append(character)
    }
    return text
  }

  /// Filled with spaces at the right, or cut, to exactly so many columns.
  func filled(right columns: Int) -> String {
    let text = cut(to: columns)
    return text + String(repeating: " ", count: columns - text.columnCount)
  }

  /// Filled with spaces at the left, or cut, to exactly so many columns.
  func filled(left columns: Int) -> String {
    let text = cut(to: columns)
    return String(repeating: " ", count: columns - text.columnCount) + text
  }

  /// Without spaces at the end.
  var withoutTrailingSpace: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}

extension Character {
  /// 2 for the blocks Unicode Standard Annex 11 calls wide, 1 otherwise.
  fileprivate var columnCount: Int {
    guard let scalar = unicodeScalars.first?.value, scalar >= 0x1100 else { return 1 }
    let wide: [ClosedRange<UInt32>] = [
      0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD,
    ]
    return wide.contains { $0.contains(scalar) } ? 2 : 1
  }
}
