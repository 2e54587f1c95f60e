import Analysis
import Metrics
import Support

/// Several runs side by side and two by two, for a terminal or as Markdown.
public struct ComparisonText {
  private let comparison: RunComparison
  private let terminal: Terminal
  private let isMarkdown: Bool

  /// The most classes of a pair that are shown, and the most images of each side.
  private static let classCount = 10
  private static let imageCount = 8
  /// A probability below it is called more than chance.
  private static let level = 0.05

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

  /// The runs and every pair of them, each line ended by a line break.
  public var text: String {
    var blocks = [runs] + comparison.pairs.map(text)
    if comparison.pairs.count > 1 {
      blocks.append(
        "Each p stands alone: of \(comparison.pairs.count) pairs one may fall below "
          + "\(Self.level) by chance sooner than of one.\n")
    }
    return blocks.joined(separator: "\n")
  }

  /// The runs' numbers, and the options that they do not share.
  public var runs: String {
    let test = comparison.runs[0].test
    return title("\(test.dataset.shown), \(grouped(comparison.count)) \(test.part) images")
      + show(RunColumns.table(of: comparison))
  }

  private func title(_ text: String) -> String {
    isMarkdown ? "### \(text.inMarkdown)\n\n" : Style(terminal)(.bold, text) + "\n\n"
  }

  private func show(_ table: Table) -> String {
    isMarkdown ? table.markdown : table.text(for: terminal)
  }

  // MARK: Pairs

  private func text(_ pair: RunPair) -> String {
    let names = [pair.first, pair.second].map { comparison.runs[$0].name.shown }
    return [
      title("\(names[1]) against \(names[0])") + verdict(on: pair),
      show(outcomes(of: pair, names)), classes(of: pair, names),
      images(of: pair, names, wonBy: 1), images(of: pair, names, wonBy: 0),
    ].compactMap(\.self).joined(separator: "\n")
  }

  private func verdict(on pair: RunPair) -> String {
    let interval = pair.bootstrap.interval95
    let p = pair.outcomes.mcNemarProbability
    return """
      accuracy \(RunColumns.points(pair.outcomes.accuracyDifference)) points, 95 % interval \
      \(RunColumns.points(interval.lower)) to \(RunColumns.points(interval.upper)) \
      (\(grouped(pair.bootstrap.draws)) paired bootstrap draws)
      McNemar's exact test: p \(p < 0.0001 ? "< 0.0001" : "= \(fixed(p, 4))"), \
      \(p < Self.level ? "more than chance" : "may well be chance")

      """
  }

  private func outcomes(of pair: RunPair, _ names: [String]) -> Table {
    let outcomes = pair.outcomes
    var table = Table([.left("images"), .right("\(names[1]) right"), .right("wrong")])
    table.add([
      "\(names[0]) right", grouped(outcomes.bothRight), grouped(outcomes.onlyFirstRight),
    ])
    table.add(["wrong", grouped(outcomes.onlySecondRight), grouped(outcomes.neitherRight)])
    return table
  }

  /// The classes in which the two differ most; `nil` if they differ in none.
  private func classes(of pair: RunPair, _ names: [String]) -> String? {
    let shown = pair.decisiveClasses.prefix(Self.classCount)
    guard !shown.isEmpty else { return nil }
    var table = Table([
      .left("class"), .right("images"), .right("only \(names[1])"), .right("only \(names[0])"),
      .right("net"),
    ])
    for index in shown {
      let outcomes = pair.classes[index]
      let net = outcomes.onlySecondRight - outcomes.onlyFirstRight
      table.add([
        comparison.labels[index], grouped(outcomes.count), grouped(outcomes.onlySecondRight),
        grouped(outcomes.onlyFirstRight), (net < 0 ? "-" : "+") + grouped(abs(net)),
      ])
    }
    let rest = pair.decisiveClasses.count - shown.count
    return show(table) + (rest > 0 ? "\(breakLine)and \(rest) more classes, less uneven\n" : "")
  }

  /// Markdown needs an empty line behind a table.
  private var breakLine: String { isMarkdown ? "\n" : "" }

  /// The first images that only run `winner` of the two got right; `nil` if there is none.
  private func images(of pair: RunPair, _ names: [String], wonBy winner: Int) -> String? {
    let won = pair.images.filter { $0.predictedClasses[winner] == $0.trueClass }
    guard !won.isEmpty else { return nil }
    var table = Table([
      .right("image"), .left("only \(names[winner]) right"), .left("\(names[1 - winner]) said"),
    ])
    for image in won.prefix(Self.imageCount) {
      table.add([
        "\(image.index)", comparison.labels[Int(image.trueClass)],
        comparison.labels[Int(image.predictedClasses[1 - winner])],
      ])
    }
    let rest = won.count - Self.imageCount
    return show(table) + (rest > 0 ? "\(breakLine)and \(grouped(rest)) more\n" : "")
  }
}
