import Analysis
import Metrics
import Support
import Training

/// The tables of a page of several runs.
struct ComparedTables {
  let units: [PageUnit]
  let comparison: RunComparison?

  // MARK: Scores

  /// Of a comparison of two the scores with their differences; of more, and of runs that were not
  /// tested, the key numbers of each.
  var scores: PageTable {
    guard let comparison else { return validated }
    return comparison.contenders.count == 2 ? two(comparison) : many(comparison)
  }

  private typealias Number = (
    name: String, value: (RunRecord) -> Double?, text: (Double) -> String,
    difference: (Double) -> String
  )

  private static var others: [Number] {
    func digits(_ x: Double) -> String { fixedIfDefined(x, 4) }
    return [
      ("Cohen’s kappa", { $0.test?.confusion.kappa }, digits, signed),
      ("Matthews correlation", { $0.test?.confusion.matthewsCorrelation }, digits, signed),
      ("loss", { $0.test?.loss }, digits, signed),
      ("top 3", { $0.test?.top3 }, { percent($0) }, { percentagePoints($0) + " points" }),
      ("calibration error", { $0.test?.expectedCalibrationError }, digits, signed),
    ]
  }

  private func two(_ comparison: RunComparison) -> PageTable {
    let (first, second) = (comparison.contenders[0], comparison.contenders[1])
    var table = PageTable(
      "Test part",
      [("", .text)] + [first.name, second.name].map { ($0, .number) }
        + [("difference", .number), ("95 % interval", .number)])
    for score in TestScore.allCases {
      let difference = comparison.difference(of: score, from: first, to: second)
      table.add(
        [score.name]
          + [first, second].map { text(of: score, for: $0, in: comparison) } + [
            percentagePoints(difference.value) + " points",
            difference.interval95.map {
              "\(percentagePoints($0.lower)) to \(percentagePoints($0.upper))"
            } ?? "too few seeds",
          ])
    }
    for number in Self.others {
      guard let a = units[0].mean(number.value), let b = units[1].mean(number.value) else {
        continue
      }
      table.add(
        [number.name, number.text(a), number.text(b), number.difference(b - a), ""], "soft")
    }
    return table
  }

  private static func signed(_ x: Double) -> String {
    x.isFinite ? (x < 0 ? "-" : "+") + fixed(abs(x), 4) : "–"
  }

  /// `98.61 %`, of a group `98.61 ± 0.07 %`.
  private func text(
    of score: TestScore, for contender: Contender, in comparison: RunComparison
  ) -> String {
    let value = comparison.value(of: score, for: contender)
    guard contender.isGroup else { return percent(value) }
    let spread = MeanEstimate(comparison.values(of: score, for: contender)).standardDeviation
    return "\(fixed(value * 100, 2)) ± \(percent(spread))"
  }

  private func many(_ comparison: RunComparison) -> PageTable {
    var table = PageTable(
      comparison.contenders.count == 1
        ? "Test part, mean and standard deviation over the seeds"
        : "Test part, from the highest accuracy",
      [("run", .text), ("accuracy", .number), ("95 % interval", .number)]
        + TestScore.allCases.dropFirst().map { ($0.name, .number) }
        + Self.others.map { ($0.name, .number) })
    for place in comparison.contenderRanking {
      let contender = comparison.contenders[place]
      let interval = comparison.interval95(of: .accuracy, for: contender).map {
        "\(fixed($0.lower * 100, 2)) to \(percent($0.upper))"
      }
      table.add(
        [
          contender.name, text(of: .accuracy, for: contender, in: comparison),
          interval ?? "too few seeds",
        ]
          + TestScore.allCases.dropFirst().map { text(of: $0, for: contender, in: comparison) }
          + Self.others.map { number in
            units[place].mean(number.value).map(number.text) ?? "–"
          })
    }
    return table
  }

  /// The key numbers, a column a run.
  private var validated: PageTable {
    let runs = units.flatMap(\.records)
    let isTested = runs.contains { $0.test != nil }
    let names = units.flatMap { unit in
      unit.records.map { unit.records.count > 1 ? $0.name : unit.name }
    }
    var table = PageTable(
      "\(isTested ? "Test" : "Validation") part, best epoch",
      [("", .text)] + names.map { ($0, .number) })
    if isTested {
      let datasets = runs.map { $0.test.map { "\($0.dataset), \(grouped($0.count))" } ?? "–" }
      table.add(["data, images"] + datasets)
    }
    for (name, values) in RunColumns.results(of: runs) { table.add([name] + values) }
    return table
  }

  /// Every run of the groups; `nil` without one.
  var seeds: PageTable? {
    guard let comparison, comparison.isGrouped else { return nil }
    var table = PageTable(
      "Each seed",
      [
        ("group", .text), ("run", .text), ("seed", .number), ("accuracy", .number),
        ("macro F1", .number), ("loss", .number), ("best epoch", .number), ("time", .number),
      ])
    for unit in units {
      for record in unit.records {
        guard let test = record.test else { continue }
        table.add([
          unit.name, record.name, record.option("seed") ?? "–", percent(test.accuracy),
          fixed(test.macroF1, 4), fixed(test.loss, 4),
          record.bestEpoch.map { "\($0) of \(record.history.count)" } ?? "–",
          duration(record.seconds),
        ])
      }
    }
    return table
  }

  // MARK: Pairs and options

  /// Whether the difference of every two is more than chance.
  static func pairs(of comparison: RunComparison) -> PageTable {
    if comparison.isGrouped { return groupPairs(of: comparison) }
    var table = PageTable(
      "Every two on the same images",
      [
        ("run", .text), ("against", .text), ("points", .number), ("95 % interval", .number),
        ("McNemar’s exact p", .number), ("corrected for \(comparison.pairs.count) pairs", .number),
        ("only it right", .number), ("only other right", .number),
      ])
    for pair in comparison.pairs {
      let (outcomes, interval) = (pair.outcomes, pair.bootstrap.interval95)
      table.add([
        comparison.runs[pair.second].name, comparison.runs[pair.first].name,
        percentagePoints(outcomes.accuracyDifference),
        "\(percentagePoints(interval.lower)) to \(percentagePoints(interval.upper))",
        probability(outcomes.mcNemarProbability), probability(pair.correctedProbability),
        grouped(outcomes.onlySecondRight), grouped(outcomes.onlyFirstRight),
      ])
    }
    return table
  }

  private static func groupPairs(of comparison: RunComparison) -> PageTable {
    var table = PageTable(
      "Every two groups, by the variances of seeds and images",
      [
        ("group", .text), ("against", .text), ("points", .number), ("95 % interval", .number),
        ("p", .number), ("corrected", .number), ("degrees of freedom", .number),
      ])
    for pair in comparison.contenderPairs {
      let (names, estimate) = (comparison.contenders.map(\.name), pair.estimate)
      table.add([
        names[pair.second], names[pair.first], percentagePoints(pair.difference),
        estimate.map {
          "\(percentagePoints($0.interval95.lower)) to \(percentagePoints($0.interval95.upper))"
        } ?? "too few seeds",
        estimate.map { probability($0.probability) } ?? "–",
        pair.correctedProbability.map(probability) ?? "–",
        estimate.map { fixed($0.degreesOfFreedom, 1) } ?? "–",
      ])
    }
    return table
  }

  private static func probability(_ p: Double) -> String {
    p < 0.0001 ? "below 0.0001" : fixed(p, 4)
  }

  /// The options that are not the same in all; `nil` if all are.
  var options: PageTable? {
    let records = units.map { $0.records[0] }
    let isGrouped = comparison?.isGrouped ?? false
    let differences = OptionDifference.all(in: records).filter { !isGrouped || !$0.isOfSeeds }
    guard !differences.isEmpty else { return nil }
    var table = PageTable("Options", [("option", .text)] + units.map { ($0.name, .free) })
    for option in differences { table.add([option.name] + option.values.map { $0 ?? "–" }) }
    return table
  }
}

extension RunRecord {
  /// An option's value, if one was chosen.
  func option(_ name: String) -> String? { options.first { $0.name == name }?.value }
}
