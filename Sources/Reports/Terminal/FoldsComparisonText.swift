import Analysis
import Configuration
import Metrics
import Support

/// Cross-validations side by side and fold by fold, for a terminal or as Markdown. What the comparison
/// comes to stands at the end.
public struct FoldsComparisonText {
  private let comparison: FoldsComparison
  private let medium: ComparisonMedium

  public init(_ comparison: FoldsComparison, terminal: Terminal) {
    self.comparison = comparison
    medium = ComparisonMedium(terminal)
  }

  /// A report in Markdown, of GitHub's dialect.
  public init(markdown comparison: FoldsComparison) {
    self.comparison = comparison
    medium = .markdown
  }

  /// Everything, each line ended by a line break.
  public var text: String {
    let pairs = comparison.members.count > 2 ? [self.pairs] : []
    return ([columns, folds] + pairs + [medium.verdict(Verdict(comparison))])
      .joined(separator: "\n")
  }

  /// Their numbers, the options that they do not share, and who is ahead.
  public var summary: String {
    columns + "\n" + medium.paragraph(Verdict(comparison).headline, .bold)
  }

  private var columns: String {
    let title =
      "\(comparison.members[0].dataset?.shown ?? "the same data"), "
      + "\(grouped(comparison.imageCount)) images in \(comparison.foldCount) folds"
    return medium.title(title) + medium.show(table)
  }

  private var table: Table {
    let (members, places) = (comparison.members, comparison.members.indices)
    var table = Table([.left("")] + comparison.names.map { .right($0) })
    table.add(["accuracy"] + places.map { percent(comparison.accuracy($0).mean) })
    table.add(
      ["standard deviation"]
        + places.map { percent(comparison.accuracy($0).standardDeviation) })
    table.add(
      ["95 % interval"]
        + places.map { place in
          comparison.accuracy(place).shareInterval95.map {
            "\(fixed($0.lower * 100, 2)) to \(percent($0.upper))"
          } ?? "needs \(MeanEstimate.leastForInterval) folds"
        })
    table.add(["loss"] + members.map { $0.loss.map { fixed($0.mean, 4) } ?? "-" })
    let models = members.map { $0.folds[0].record.model?.summary }
    table.add(["parameters"] + models.map { $0.map { grouped($0.parameters) } ?? "-" })
    table.add(["multiply-adds"] + models.map { $0.map { grouped($0.multiplyAdds) } ?? "-" })
    table.add(["training time a fold"] + members.map { duration($0.secondsOfAFold) })
    if !comparison.differences.isEmpty { table.addRule() }
    for option in comparison.differences {
      table.add([option.name] + option.values.map { $0 ?? "-" })
    }
    return table
  }

  /// The accuracy in each fold, of two with the difference.
  private var folds: String {
    let names = comparison.names.map(\.shown)
    let pair = comparison.members.count == 2 ? comparison.pairs[0] : nil
    var table = Table(
      [.left("fold")] + medium.fitting(names).map { .right($0) }
        + (pair == nil ? [] : [.right("points")]))
    for fold in 0..<comparison.foldCount {
      table.add(
        ["\(fold + 1)"]
          + comparison.members.map { $0.folds[fold].accuracy.map { percent($0) } ?? "-" }
          + (pair.map { [percentagePoints($0.values[fold])] } ?? []))
    }
    return medium.show(table)
  }

  private var pairs: String {
    let names = medium.fitting(comparison.names)
    let best = comparison.ranking[0]
    let isWhole = comparison.members.count <= ComparisonMedium.mostInPairs
    let shown = comparison.pairs.filter { isWhole || $0.first == best || $0.second == best }
    var table = Table([
      .left("folds of"), .left("against"), .right("points"), .right("95 % interval"),
      .right("p, corrected"),
    ])
    for pair in shown {
      table.add([
        names[pair.second], names[pair.first], percentagePoints(pair.difference),
        pair.estimate.map {
          "\(percentagePoints($0.interval95.lower)) to \(percentagePoints($0.interval95.upper))"
        } ?? "too few folds",
        pair.correctedProbability.map { $0 < 0.0001 ? "< 0.0001" : fixed($0, 4) } ?? "-",
      ])
    }
    return medium.show(table) + medium.rest(comparison.pairs.count - shown.count)
  }
}
