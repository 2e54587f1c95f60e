import Analysis
import Metrics
import Support

/// Several runs side by side and against each other, for a terminal or as Markdown. What the
/// comparison comes to stands at the end, where a terminal shows it.
public struct ComparisonText {
  private let comparison: RunComparison
  private let terminal: Terminal
  private let isMarkdown: Bool

  /// So many runs are held against each other, every two; of more the best against each.
  private static let mostInPairs = 4

  public init(_ comparison: RunComparison, terminal: Terminal) {
    self.comparison = comparison
    self.terminal = terminal
    isMarkdown = false
  }

  /// A report in Markdown, of GitHub's dialect.
  public init(markdown comparison: RunComparison) {
    self.comparison = comparison
    terminal = Terminal(width: 80, canRedraw: false, allowsColor: false, allowsUnicode: true)
    isMarkdown = true
  }

  /// Everything, each line ended by a line break.
  public var text: String {
    ([runs] + details + [verdict]).joined(separator: "\n")
  }

  private var details: [String] {
    if comparison.isGrouped { return comparison.contenders.count > 2 ? [groupPairs] : [] }
    return comparison.runs.count == 2 ? pair.blocks : [pairs]
  }

  /// The runs' numbers, the options that they do not share, and who is ahead.
  public var summary: String { runs + "\n" + paragraph(Verdict(comparison).headline, .bold) }

  private var runs: String {
    let test = comparison.runs[0].test
    let title = "\(test.dataset.shown), \(grouped(comparison.count)) \(test.part) images"
    return (isMarkdown ? "### \(title.inMarkdown)\n\n" : Style(terminal)(.bold, title) + "\n\n")
      + show(
        comparison.isGrouped
          ? ContenderColumns.table(of: comparison) : RunColumns.table(of: comparison))
  }

  private func show(_ table: Table) -> String {
    isMarkdown ? table.markdown : table.text(fitting: terminal)
  }

  private var verdict: String {
    let verdict = Verdict(comparison)
    return paragraph(verdict.headline, .bold) + (isMarkdown ? "\n" : "")
      + paragraph(verdict.evidence)
  }

  private func paragraph(_ text: String, _ weight: Style.Weight? = nil) -> String {
    if isMarkdown { return (weight == nil ? text.inMarkdown : "**\(text.inMarkdown)**") + "\n" }
    let lines = terminal.wrapped(text).split(separator: "\n")
    return lines.map { Style(terminal)(weight, String($0)) + "\n" }.joined()
  }

  private var pair: PairText {
    PairText(comparison, comparison.pairs[0], terminal, isMarkdown: isMarkdown, show: show)
  }

  // MARK: Many runs

  /// Names of all that is compared, as wide as the window allows.
  private func fitting(_ names: [String]) -> [String] {
    let names = names.map(\.shown)
    return terminal.canRedraw ? names.shortened(to: max(8, (terminal.width - 42) / 2)) : names
  }

  private var pairs: String {
    let names = fitting(comparison.runs.map(\.name))
    let best = comparison.ranking[0]
    let isWhole = comparison.runs.count <= Self.mostInPairs
    let shown = comparison.pairs.filter { isWhole || $0.first == best || $0.second == best }
    var table = Table([
      .left("run"), .left("against"), .right("points"), .right("95 % interval"),
      .right("p, corrected"),
    ])
    for pair in shown {
      let interval = pair.bootstrap.interval95
      table.add([
        names[pair.second], names[pair.first], percentagePoints(pair.outcomes.accuracyDifference),
        "\(percentagePoints(interval.lower)) to \(percentagePoints(interval.upper))",
        pair.correctedProbability < 0.0001 ? "< 0.0001" : fixed(pair.correctedProbability, 4),
      ])
    }
    return show(table) + rest(comparison.pairs.count - shown.count)
  }

  private func rest(_ count: Int) -> String {
    count > 0 ? "\(isMarkdown ? "\n" : "")and \(grouped(count)) pairs without the best\n" : ""
  }

  private var groupPairs: String {
    let names = fitting(comparison.contenders.map(\.name))
    let best = comparison.contenderRanking[0]
    let isWhole = comparison.contenders.count <= Self.mostInPairs
    let all = comparison.contenderPairs
    let shown = all.filter { isWhole || $0.first == best || $0.second == best }
    var table = Table([
      .left("group"), .left("against"), .right("points"), .right("95 % interval"),
      .right("p, corrected"),
    ])
    for pair in shown {
      let interval = pair.estimate.map {
        "\(percentagePoints($0.interval95.lower)) to \(percentagePoints($0.interval95.upper))"
      }
      table.add([
        names[pair.second], names[pair.first], percentagePoints(pair.difference),
        interval ?? "too few seeds",
        pair.correctedProbability.map { $0 < 0.0001 ? "< 0.0001" : fixed($0, 4) } ?? "-",
      ])
    }
    return show(table) + rest(all.count - shown.count)
  }
}
