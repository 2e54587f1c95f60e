import Configuration
import Metrics
import Support
import Training

extension RunComparison {
  /// The contenders as CSV, a row each, a run or the means of a group of seeds: numbers, the options
  /// that differ, and how it does against the first.
  public var csvText: String {
    let options = OptionDifference.all(in: contenders.map { runs[$0.runs[0]].record })
      .filter { !isGrouped || !$0.isOfSeeds }
    var rows = [
      ["run", "dataset", "count", "accuracy", "accuracy_low", "accuracy_high"]
        + ["macro_precision", "macro_recall", "macro_f1", "loss", "top_3", "ece"]
        + ["parameters", "epochs", "best_epoch", "seconds"] + options.map(\.name)
        + ["difference", "difference_low", "difference_high", "mcnemar_p"]
        + ["only_first_right", "only_this_right", "seeds", "accuracy_deviation", "group_p"]
    ]
    for (place, contender) in contenders.enumerated() {
      rows.append(
        numbers(of: contender) + options.map { $0.values[place] ?? "" }
          + (isGrouped ? groupFields(against: place) : pairFields(against: place))
          + spread(of: contender)
          + [place > 0 ? Self.field(pair(toFirst: place)?.estimate?.probability) : ""])
    }
    return rows.map { $0.map(csvField).joined(separator: ",") + "\n" }.joined()
  }

  private static func field(_ number: Double?) -> String {
    number.flatMap { $0.isFinite ? "\($0)" : nil } ?? ""
  }

  private func numbers(of contender: Contender) -> [String] {
    let members = contender.runs.map { runs[$0] }
    func mean(_ value: (ComparedRun) -> Double?) -> Double? {
      let values = members.compactMap(value)
      return values.count == members.count
        ? values.reduce(0, +) / Double(values.count) : nil
    }
    func whole(_ value: (ComparedRun) -> Int?) -> String {
      guard let number = mean({ value($0).map(Double.init) }) else { return "" }
      return Int(exactly: number).map { "\($0)" } ?? "\(number)"
    }
    let interval = interval95(of: .accuracy, for: contender)
    let numbers = [
      value(of: .accuracy, for: contender), interval?.lower, interval?.upper,
      value(of: .precision, for: contender), value(of: .recall, for: contender),
      contender.isGroup ? value(of: .f1, for: contender) : members[0].test.macroF1,
      mean { $0.test.loss }, mean { $0.test.top3 }, mean { $0.test.expectedCalibrationError },
    ]
    return [
      contender.isGroup ? contender.name : members[0].record.run.path, members[0].test.dataset,
      "\(count)",
    ] + numbers.map(Self.field) + [
      whole { $0.record.model?.summary.parameters }, whole { $0.record.history.count },
      whole { $0.record.bestEpoch }, mean { $0.record.seconds }.map { fixed($0, 3) } ?? "",
    ]
  }

  /// Empty for the first run itself, which comes in no pair as the second.
  private func pairFields(against place: Int) -> [String] {
    guard let pair = pair(0, contenders[place].runs[0]) else {
      return [String](repeating: "", count: 6)
    }
    let (outcomes, interval) = (pair.outcomes, pair.bootstrap.interval95)
    return [
      "\(outcomes.accuracyDifference)", "\(interval.lower)", "\(interval.upper)",
      "\(outcomes.mcNemarProbability)", "\(outcomes.onlyFirstRight)",
      "\(outcomes.onlySecondRight)",
    ]
  }

  private func pair(toFirst place: Int) -> ContenderPair? {
    contenderPairs.first { $0.first == 0 && $0.second == place }
  }

  private func groupFields(against place: Int) -> [String] {
    let pair = pair(toFirst: place)
    let interval = pair?.estimate?.interval95
    return [pair?.difference, interval?.lower, interval?.upper].map(Self.field) + ["", "", ""]
  }

  private func spread(of contender: Contender) -> [String] {
    let estimate = MeanEstimate(values(of: .accuracy, for: contender))
    return ["\(contender.runs.count)", Self.field(estimate.standardDeviation)]
  }
}
