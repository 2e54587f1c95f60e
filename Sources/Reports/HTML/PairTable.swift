import Analysis
import Metrics
import Support

/// Whether the difference of every two runs is more than chance, as a table of a page.
enum PairTable {
  static func table(of comparison: RunComparison) -> PageTable {
    var table = PageTable(
      "Every two runs on the same images",
      [
        ("run", .text), ("against", .text), ("points", .number), ("95 % interval", .number),
        ("McNemar’s exact p", .number), ("only it right", .number), ("only other right", .number),
      ])
    for pair in comparison.pairs {
      let (outcomes, interval) = (pair.outcomes, pair.bootstrap.interval95)
      let p = outcomes.mcNemarProbability
      table.add([
        comparison.runs[pair.second].name, comparison.runs[pair.first].name,
        RunColumns.points(outcomes.accuracyDifference),
        "\(RunColumns.points(interval.lower)) to \(RunColumns.points(interval.upper))",
        p < 0.0001 ? "below 0.0001" : fixed(p, 4), grouped(outcomes.onlySecondRight),
        grouped(outcomes.onlyFirstRight),
      ])
    }
    return table
  }
}
