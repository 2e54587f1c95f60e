import Experiments
import Support

/// Precision, recall, F1 and support of every class, and their averages, in the layout of
/// scikit-learn's `classification_report`, to the letter.
public enum ClassReport {
  /// - Parameter digits: decimals of the scores.
  public static func text(of matrix: ConfusionMatrix, digits: Int = 2) -> String {
    let names = matrix.labels
    let width = max(names.map(\.count).max() ?? 0, "weighted avg".count, digits)
    let supports = matrix.supports
    let total = matrix.count

    func row(_ name: String, _ cells: [String]) -> String {
      name.padded(left: width) + " " + cells.map { " " + $0.padded(left: 9) }.joined() + "\n"
    }
    func row(_ name: String, _ scores: Scores, _ support: Int) -> String {
      let values = [scores.precision, scores.recall, scores.f1].map { fixed($0, digits) }
      return row(name, values + ["\(support)"])
    }

    var text = row("", ["precision", "recall", "f1-score", "support"]) + "\n"
    for (index, scores) in matrix.classScores.enumerated() {
      text += row(names[index], scores, supports[index])
    }
    // `micro` is the accuracy, and 0 rather than NaN without samples.
    text += "\n" + row("accuracy", ["", "", fixed(matrix.micro.f1, digits), "\(total)"])
    text += row("macro avg", matrix.macro, total)
    text += row("weighted avg", matrix.weighted, total)
    return text
  }
}
