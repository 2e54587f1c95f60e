import Metrics
import Support

/// In which order classes are listed.
public enum ClassSort: String, CaseIterable, Sendable {
  /// As the data set has them.
  case label
  /// The lowest score first.
  case f1, precision, recall
  /// The most samples first.
  case support

  /// Class indices in this order; equal ones as the data set has them.
  func order(of matrix: ConfusionMatrix) -> [Int] {
    let keys: [Double] =
      switch self {
      case .label: matrix.labels.indices.map(Double.init)
      case .f1: matrix.classScores.map(\.f1)
      case .precision: matrix.classScores.map(\.precision)
      case .recall: matrix.classScores.map(\.recall)
      case .support: matrix.supports.map { -Double($0) }
      }
    return matrix.labels.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
  }
}

/// Precision, recall, F1 and support of every class, and their averages, in the layout of
/// scikit-learn's `classification_report`, to the letter.
public enum ClassText {
  /// - Parameters:
  ///   - digits: decimals of the scores.
  ///   - sort: the order of the classes.
  public static func text(
    of matrix: ConfusionMatrix, digits: Int = 2, sortedBy sort: ClassSort = .label
  ) -> String {
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
    let scores = matrix.classScores
    for index in sort.order(of: matrix) {
      text += row(names[index], scores[index], supports[index])
    }
    // `micro` is the accuracy, and 0 rather than NaN without samples.
    text += "\n" + row("accuracy", ["", "", fixed(matrix.micro.f1, digits), "\(total)"])
    text += row("macro avg", matrix.macro, total)
    text += row("weighted avg", matrix.weighted, total)
    return text
  }
}
