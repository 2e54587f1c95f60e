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
    let columns = value("COLUMNS").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
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
  guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
  return Int(size.ws_col)
}
