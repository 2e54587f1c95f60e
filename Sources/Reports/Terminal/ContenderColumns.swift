import Configuration
import Analysis
import Metrics
import Support

/// Groups of seeds as a table with a column for each: means, deviations and intervals, and the options
/// that are not the same in all.
enum ContenderColumns {
  static func table(of comparison: RunComparison) -> Table {
    let contenders = comparison.contenders
    var table = Table([.left("")] + contenders.map { .right($0.name) })
    table.add(["seeds"] + contenders.map { grouped($0.runs.count) })
    table.add(
      ["accuracy"] + contenders.map { percent(comparison.value(of: .accuracy, for: $0)) })
    table.add(["deviation"] + contenders.map { deviation(of: .accuracy, $0, comparison) ?? "-" })
    table.add(["95 % interval"] + contenders.map { interval($0, comparison) })
    for score in TestScore.allCases.dropFirst() {
      table.add([score.name] + contenders.map { fixed(comparison.value(of: score, for: $0), 4) })
    }
    for (name, value) in rows {
      let values = contenders.map { contender in
        value(contender.runs.map { comparison.runs[$0].record })
      }
      if values.contains(where: { $0 != nil }) { table.add([name] + values.map { $0 ?? "-" }) }
    }
    let records = contenders.map { comparison.runs[$0.runs[0]].record }
    let differences = OptionDifference.all(in: records).filter { !$0.isOfSeeds }
    if !differences.isEmpty { table.addRule() }
    for option in differences { table.add([option.name] + option.values.map { $0 ?? "-" }) }
    return table
  }

  private static func deviation(
    of score: TestScore, _ contender: Contender, _ comparison: RunComparison
  ) -> String? {
    guard contender.isGroup else { return nil }
    let estimate = MeanEstimate(comparison.values(of: score, for: contender))
    return percent(estimate.standardDeviation)
  }

  private static func interval(_ contender: Contender, _ comparison: RunComparison) -> String {
    comparison.interval95(of: .accuracy, for: contender).map {
      "\(fixed($0.lower * 100, 2)) to \(percent($0.upper))"
    } ?? "too few seeds"
  }

  private static let rows: [(name: String, value: @Sendable ([RunRecord]) -> String?)] = [
    ("loss", { mean($0) { $0.test?.loss }.map { fixed($0, 4) } }),
    (
      "parameters",
      { mean($0) { $0.model.map { Double($0.summary.parameters) } }.map { grouped(Int($0)) } }
    ),
    (
      "multiply-adds",
      { mean($0) { $0.model.map { Double($0.summary.multiplyAdds) } }.map { grouped(Int($0)) } }
    ),
    ("training time", { mean($0) { $0.history.isEmpty ? nil : $0.seconds }.map(duration) }),
  ]

  /// The mean of what all of them have.
  private static func mean(_ runs: [RunRecord], _ value: (RunRecord) -> Double?) -> Double? {
    let values = runs.compactMap(value)
    return values.count == runs.count ? values.reduce(0, +) / Double(values.count) : nil
  }
}
