import Configuration
import Metrics
import Search
import Studies
import Support

/// What a study came to, as `emnist sweep` prints it at its end and with `--show`.
public struct StudyText {
  private let record: StudyRecord
  private let terminal: Terminal
  private let style: Style
  private let options: [StudyOption]

  /// Everything, each line ended by a line break.
  public static func text(of record: StudyRecord, terminal: Terminal) -> String {
    StudyText(record, terminal).text
  }

  private init(_ record: StudyRecord, _ terminal: Terminal) {
    self.record = record
    self.terminal = terminal
    style = Style(terminal)
    options = StudyOption.all(of: record)
  }

  private var text: String {
    [heading, best, importance, command, test, failures, notes].filter { !$0.isEmpty }
      .joined(separator: "\n")
  }

  private var heading: String {
    let metric = record.sweep.metric
    let count = record.trials.count
    guard count > 0 else { return style(.bold, record.directory.shown) + ": no trial has begun\n" }
    let facts =
      ": \(counted(count, "trial")) to \(metric.goal.rawValue) \(metric.name.rawValue): "
      + "\(record.stateCounts); trained for \(duration(record.trialSeconds))"
    return wrapped(record.directory.shown, facts)
  }

  /// A paragraph that begins in bold.
  private func wrapped(_ bold: String, _ rest: String) -> String {
    let text = terminal.wrapped(bold + rest)
    return text.hasPrefix(bold) ? style(.bold, bold) + text.dropFirst(bold.count) : text
  }

  // MARK: The best trials

  private static let shownCount = 10

  private var best: String {
    let ranking = record.ranking.prefix(Self.shownCount)
    guard !ranking.isEmpty else {
      return record.trials.isEmpty ? "" : "No trial has finished yet.\n"
    }
    let fixedColumns: [Table.Column] = [
      .right("rank"), .right("trial"), .right(record.sweep.metric.name.rawValue),
      .right(record.reportUnit + "s"), .right("time"),
    ]
    var table = Table(fixedColumns + zip(options, ranks).map { .left($0.name, rank: $1) })
    for (index, trial) in ranking.enumerated() {
      table.add(
        [
          "\(index + 1)", "\(trial.number)", trial.value.map(record.sweep.metric.text) ?? "",
          "\(trial.reports.count)", trial.seconds.map(duration) ?? "",
        ] + options.map { $0.text(of: trial) })
    }
    return table.text(for: terminal, elsewhere: StudyPlace(record.directory).table)
  }

  /// Of each option: 1 for the one that matters most, and so on.
  private var ranks: [Int] {
    let order = options.indices.sorted {
      (options[$1].importance, $0) < (options[$0].importance, $1)
    }
    return order.enumerated().reduce(into: options.map { _ in 0 }) {
      $0[$1.element] = $1.offset + 1
    }
  }

  // MARK: What mattered

  /// What matters most first, each share with its interval.
  private var importance: String {
    guard record.ranking.count > 1 else { return "" }
    let weights = record.weights.enumerated().sorted {
      ($1.element.share, $0.offset) < ($0.element.share, $1.offset)
    }.map(\.element)
    guard weights.count > 1 else { return "" }
    var table = Table([.left("parameter"), .left("variance"), .left("best tenth")])
    for weight in weights {
      let name = record.sweep.space.shortName(of: weight.name)
      table.add([name, weight.variance.map(text(of:)) ?? "-", text(of: weight.bestTenth)])
    }
    let method =
      " for the variance (fANOVA) and for being among the best tenth (PED-ANOVA), with 95 % "
      + "intervals by resampling the \(grouped(record.ranking.count)) finished trials"
    return wrapped("Importance", method) + table.text(fitting: terminal)
  }

  /// `0.62  0.41 to 0.80`; where that tells little, `too few trials  0.03 to 0.97`.
  private func text(of estimate: ImportanceEstimate) -> String {
    (estimate.isKnown ? fixed(estimate.share, 2) : "too few trials")
      + "  \(fixed(estimate.lower, 2)) to \(fixed(estimate.upper, 2))"
  }

  private var command: String {
    guard let trial = record.ranking.first else { return "" }
    return style(.bold, "The best one again") + "\n  \(record.command(for: trial).shown)\n"
  }

  // MARK: The winner's test

  private var test: String {
    guard let result = record.result, !result.tests.isEmpty else { return "" }
    return style(.bold, "Test") + " of trial \(result.trial), \(training(of: result))\n"
      + table(of: result).text(fitting: terminal)
  }

  private func training(of result: SweepResult) -> String {
    let place = StudyPlace(record.directory)
    guard result.tests[0].run != place.trial(result.trial) else {
      return "the only one that met the test part"
    }
    let count = result.tests.count
    return "trained again on training and validation images"
      + (count == 1 ? "" : " with \(count) seeds")
  }

  private func table(of result: SweepResult) -> Table {
    var table = Table([.left("run"), .right("images"), .right("loss"), .right("accuracy")])
    for test in result.tests {
      table.add([test.run, grouped(test.count), fixed(test.loss, 4), percent(test.accuracy)])
    }
    table.addRule()
    let accuracy = result.accuracy
    if result.tests.count > 1 {
      table.add(["mean", "", "", percent(accuracy.mean)])
      table.add(["standard deviation", "", "", percent(accuracy.standardDeviation)])
    }
    let (lower, upper) = result.interval95
    table.add([
      "95 % interval", "", "", "\(fixed(lower * 100, 2)) to \(percent(upper))",
    ])
    return table
  }

  // MARK: What went wrong

  private var failures: String {
    let failures = record.failures
    guard !failures.isEmpty else { return "" }
    let lines = failures.prefix(Self.shownCount).map {
      "  \(trialList($0.trials)): \($0.reason.shown)\n"
    }
    let rest = failures.count - lines.count
    let more = rest > 0 ? "  and \(rest) more in \(StudyPlace(record.directory).table.shown)\n" : ""
    return style(.boldRed, "Failed") + "\n" + lines.joined() + more
  }

  private var notes: String {
    (record.sweep.notes + record.notes).map { "note: \($0.shown)\n" }.joined()
  }
}
