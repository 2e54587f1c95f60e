import Analysis
import Support

/// How a comparison is written: for a terminal, or as Markdown of GitHub's dialect.
struct ComparisonMedium {
  let terminal: Terminal
  let isMarkdown: Bool

  /// So many are held against each other, every two; of more the best against each.
  static let mostInPairs = 4

  init(_ terminal: Terminal) { (self.terminal, isMarkdown) = (terminal, false) }

  private init() {
    terminal = Terminal(width: 80, canRedraw: false, allowsColor: false, allowsUnicode: true)
    isMarkdown = true
  }

  static let markdown = ComparisonMedium()

  func title(_ text: String) -> String {
    isMarkdown ? "### \(text.inMarkdown)\n\n" : Style(terminal)(.bold, text) + "\n\n"
  }

  func show(_ table: Table) -> String {
    isMarkdown ? table.markdown : table.text(fitting: terminal)
  }

  func paragraph(_ text: String, _ weight: Style.Weight? = nil) -> String {
    if isMarkdown { return (weight == nil ? text.inMarkdown : "**\(text.inMarkdown)**") + "\n" }
    let lines = terminal.wrapped(text).split(separator: "\n")
    return lines.map { Style(terminal)(weight, String($0)) + "\n" }.joined()
  }

  func verdict(_ verdict: Verdict) -> String {
    paragraph(verdict.headline, .bold) + (isMarkdown ? "\n" : "") + paragraph(verdict.evidence)
  }

  /// Names of all that is compared, as wide as the window allows.
  func fitting(_ names: [String]) -> [String] {
    let names = names.map(\.shown)
    return terminal.canRedraw ? names.shortened(to: max(8, (terminal.width - 42) / 2)) : names
  }

  /// What a table of pairs leaves out.
  func rest(_ count: Int) -> String {
    count > 0 ? "\(isMarkdown ? "\n" : "")and \(grouped(count)) pairs without the best\n" : ""
  }
}
