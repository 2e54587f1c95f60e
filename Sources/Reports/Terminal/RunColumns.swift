import Analysis
import Configuration
import Metrics
import Support
import Training

/// Several runs as a table with a column for each: what they came to, and the options that are not
/// the same in all of them.
enum RunColumns {
  static func table(of comparison: RunComparison) -> Table {
    var table = Table([.left("")] + comparison.runs.map { .right($0.name) })
    for (name, values) in results(of: comparison.runs.map(\.record)) { table.add([name] + values) }
    guard !comparison.differences.isEmpty else { return table }
    table.addRule()
    for option in comparison.differences {
      table.add([option.name] + option.values.map { $0 ?? "-" })
    }
    return table
  }

  /// The key numbers of runs, those that at least one of them has; a dash where another has none.
  /// Where none was tested, as the folds of a cross-validation, those of the validation part.
  static func results(of runs: [RunRecord]) -> [(name: String, values: [String])] {
    let isTested = runs.contains { $0.test != nil }
    return ((isTested ? tested : validated) + trained).compactMap { name, value in
      let values = runs.map(value)
      return values.contains { $0 != nil } ? (name, values.map { $0 ?? "-" }) : nil
    }
  }

  private typealias Row = (name: String, value: (RunRecord) -> String?)

  private static var tested: [Row] {
    [
      ("accuracy", { $0.test.map { percent($0.accuracy) } }),
      ("95 % interval", { $0.test.map(interval) }),
      ("macro precision", { $0.test.map { fixed($0.confusion.macro.precision, 4) } }),
      ("macro recall", { $0.test.map { fixed($0.confusion.macro.recall, 4) } }),
      ("macro F1", { $0.test.map { fixed($0.macroF1, 4) } }),
      ("Cohen's kappa", { $0.test.map { fixedIfDefined($0.confusion.kappa, 4) } }),
      (
        "Matthews correlation",
        { $0.test.map { fixed($0.confusion.matthewsCorrelation, 4) } }
      ),
      ("loss", { $0.test.map { fixed($0.loss, 4) } }),
      ("top 3", { $0.test.map { percent($0.top3) } }),
      (
        "ECE, \(Calibration.binCount) bins",
        { $0.test.map { fixed($0.expectedCalibrationError, 4) } }
      ),
    ]
  }

  private static var validated: [Row] {
    [
      ("accuracy", { $0.best?.validationAccuracy.map { percent($0) } }),
      ("loss", { $0.best?.validationLoss.map { fixed($0, 4) } }),
    ]
  }

  private static var trained: [Row] {
    [
      ("parameters", { $0.model.map { grouped($0.summary.parameters) } }),
      ("multiply-adds", { $0.model.map { grouped($0.summary.multiplyAdds) } }),
      ("best epoch", { run in run.bestEpoch.map { "\($0) of \(run.history.count)" } }),
      ("training time", { $0.history.isEmpty ? nil : duration($0.seconds) }),
    ]
  }

  static func interval(_ test: RecordedTest) -> String {
    "\(fixed(test.interval95.lower * 100, 2)) to \(percent(test.interval95.upper))"
  }
}
