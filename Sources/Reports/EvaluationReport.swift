import Experiments
import Support

/// The result of a test as a person reads it.
public enum EvaluationReport {
  /// The class report, the main numbers, and the confusion matrix if wanted.
  ///
  /// - Parameter isQuiet: the class report alone.
  public static func text(
    of result: TestResult, note: String?, showingMatrix: Bool, isQuiet: Bool, terminal: Terminal
  ) -> String {
    let evaluation = result.evaluation
    let report = ClassReport.text(of: evaluation.confusion)
    guard !isQuiet else { return report }
    var text = report + "\n" + summary(of: result) + "\n"
    if let note { text += note + "\n" }
    if showingMatrix {
      text += "\n" + ConfusionMatrixView(evaluation.confusion, terminal: terminal).text()
    }
    text += "\nwritten: evaluation.json, confusion.csv and predictions.csv in \(result.run)\n"
    return text
  }

  private static func summary(of result: TestResult) -> String {
    let evaluation = result.evaluation
    let interval = evaluation.confusion.interval95
    let speed = Int((Double(evaluation.count) / result.seconds).rounded())
    return """
      \(result.checkpoint) on \(result.dataset): \(percent(evaluation.accuracy)) of \
      \(grouped(evaluation.count)) test images
      95 % interval \(fixed(interval.lower * 100, 2)) to \(percent(interval.upper)), \
      loss \(fixed(evaluation.loss, 4)), top 3 \(percent(evaluation.top3)), \
      ECE (15 bins) \(fixed(evaluation.calibration.expectedError, 4))
      \(fixed(result.seconds, 2)) s, \(grouped(speed)) images/s
      """
  }
}
