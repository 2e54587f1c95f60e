import Configuration
import Metrics
import Studies
import Support

/// The tables of a study's report.
enum StudyTables {
  private static let bestCount = 10

  /// The best trials and the options that were searched.
  static func best(_ record: StudyRecord) -> PageTable {
    let metric = record.sweep.metric
    let options = StudyOption.all(of: record)
    var table = PageTable(
      "Best trials",
      [
        ("rank", .number), ("trial", .number), (metric.name.rawValue, .number),
        (record.reportUnit + "s", .number), ("time", .number),
      ] + options.map { ($0.name, alignment(of: $0, record)) })
    for (index, trial) in record.ranking.prefix(bestCount).enumerated() {
      table.add(
        [
          "\(index + 1)", "\(trial.number)", trial.value.map(metric.text) ?? "",
          "\(trial.reports.count)", trial.seconds.map(duration) ?? "",
        ] + options.map { $0.text(of: trial) })
    }
    return table
  }

  private static func alignment(
    of option: StudyOption, _ record: StudyRecord
  ) -> PageTable.Alignment {
    let texts = record.ranking.prefix(bestCount).map(option.text)
    return texts.allSatisfy { $0.isEmpty || Double($0) != nil } ? .number : .text
  }

  /// Each test of the winner, and what they say together.
  static func test(_ result: SweepResult) -> PageTable {
    var table = PageTable(
      "Test of trial \(result.trial)",
      [("run", .free), ("images", .number), ("loss", .number), ("accuracy", .number)])
    for test in result.tests {
      table.add([test.run, grouped(test.count), fixed(test.loss, 4), percent(test.accuracy)])
    }
    if result.tests.count > 1 {
      table.add(["mean", "", "", percent(result.accuracy.mean)], "total")
      table.add(["standard deviation", "", "", percent(result.accuracy.standardDeviation)])
    }
    let (lower, upper) = result.interval95
    table.add(["95 % interval", "", "", "\(fixed(lower * 100, 2)) to \(percent(upper))"])
    return table
  }

  static func failures(_ record: StudyRecord) -> PageTable {
    var table = PageTable("Failed trials", [("trial", .number), ("reason", .free)])
    for trial in record.trials where trial.state == .failed {
      table.add(["\(trial.number)", trial.reason ?? ""])
    }
    return table
  }
}
