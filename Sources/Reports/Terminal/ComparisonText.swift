import Analysis
import Metrics
import Support
import Training

/// Several runs side by side and against each other, for a terminal or as Markdown. What the
/// comparison comes to stands at the end, where a terminal shows it.
public struct ComparisonText {
  private let comparison: RunComparison
  private let medium: ComparisonMedium

  public init(_ comparison: RunComparison, terminal: Terminal) {
    self.comparison = comparison
    medium = ComparisonMedium(terminal)
  }

  /// A report in Markdown, of GitHub's dialect.
  public init(markdown comparison: RunComparison) {
    self.comparison = comparison
    medium = .markdown
  }

  /// Everything, each line ended by a line break.
  public var text: String {
    ([runs] + details + [verdict]).joined(separator: "\n")
  }

  private var details: [String] {
    if comparison.isGrouped { return comparison.contenders.count > 2 ? [groupPairs] : [] }
    return comparison.runs.count == 2 ? pair.blocks : [pairs, closer].compactMap(\.self)
  }

  /// How to see in which classes and images two part; `nil` in Markdown.
  private var closer: String? {
    guard !medium.isMarkdown else { return nil }
    let best = comparison.ranking.prefix(2).sorted()
    let paths = best.map { comparison.runs[$0].record.run.path.shellWord.shown }
    return "where the two best part: emnist compare \(paths.joined(separator: " "))\n"
  }

  /// The runs' numbers, the options that they do not share, and who is ahead.
  public var summary: String { runs + "\n" + medium.paragraph(Verdict(comparison).headline, .bold) }

  private var runs: String {
    let test = comparison.runs[0].test
    let title = "\(test.dataset.shown), \(grouped(comparison.count)) \(test.part) images"
    guard comparison.isGrouped else {
      return medium.title(title) + medium.show(RunColumns.table(of: comparison))
    }
    let singles = comparison.contenders.contains { !$0.isGroup } ? ", of one seed over images" : ""
    return medium.title(title) + medium.show(ContenderColumns.table(of: comparison))
      + (medium.isMarkdown ? "\n" : "")
      + medium.paragraph("95 % intervals are over seeds and images\(singles).")
  }

  private var verdict: String { medium.verdict(Verdict(comparison)) }

  private var pair: PairText {
    PairText(
      comparison, comparison.pairs[0], medium.terminal, isMarkdown: medium.isMarkdown,
      show: medium.show)
  }

  // MARK: Many runs

  private var pairs: String {
    let names = medium.fitting(comparison.runs.map(\.name))
    let best = comparison.ranking[0]
    let isWhole = comparison.runs.count <= ComparisonMedium.mostInPairs
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
    return medium.show(table) + medium.rest(comparison.pairs.count - shown.count)
  }

  private var groupPairs: String {
    let names = medium.fitting(comparison.contenders.map(\.name))
    let best = comparison.contenderRanking[0]
    let isWhole = comparison.contenders.count <= ComparisonMedium.mostInPairs
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
    return medium.show(table) + medium.rest(all.count - shown.count)
  }
}
