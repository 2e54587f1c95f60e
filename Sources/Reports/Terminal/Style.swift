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
