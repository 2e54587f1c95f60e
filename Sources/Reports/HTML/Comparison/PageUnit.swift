import Analysis
import Metrics
import Training

extension Contender {
  /// The name as a picture has room for it.
  var short: String { name.cutInTheMiddle(to: 15) }
}

/// What has a colour and a column on a page of several runs: a run, or those that differ by their seed
/// alone.
struct PageUnit {
  let name: String
  /// The place of its colour and marker.
  let color: Int
  /// At least one.
  let records: [RunRecord]

  /// The contenders of a comparison in their order, and then the runs that are not in it.
  static func all(of runs: [RunRecord], in comparison: RunComparison?) -> [PageUnit] {
    let contenders = comparison?.contenders ?? []
    let compared = Set(comparison?.runs.map(\.record.run.path) ?? [])
    let others = runs.filter { !compared.contains($0.run.path) }
    let names = others.map(\.name)
    let areTold =
      Set(names).count == names.count && Set(names).isDisjoint(with: contenders.map(\.name))
    let units =
      contenders.map { contender in
        (contender.name, contender.runs.compactMap { comparison?.runs[$0].record })
      } + others.map { (areTold ? $0.name : $0.run.path, [$0]) }
    return units.enumerated().map { PageUnit(name: $1.0, color: $0, records: $1.1) }
  }

  /// The mean over its runs of a number that all of them have; `nil` otherwise.
  func mean(_ value: (RunRecord) -> Double?) -> Double? {
    let values = records.compactMap(value)
    guard values.count == records.count else { return nil }
    return values.reduce(0, +) / Double(values.count)
  }

  /// The means over its runs at each epoch, of those that have come so far.
  func curve(_ value: (EpochRecord) -> Double?) -> [(x: Double, y: Double)] {
    let last = records.flatMap { $0.history.map(\.epoch) }.max() ?? 0
    return (0...last).compactMap { epoch in
      let values = records.compactMap { run in
        run.history.first { $0.epoch == epoch }.flatMap(value)
      }
      guard !values.isEmpty else { return nil }
      return (Double(epoch), values.reduce(0, +) / Double(values.count))
    }
  }
}
