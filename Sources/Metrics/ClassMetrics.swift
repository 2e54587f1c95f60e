import Support

/// Precision, recall and F1, of a class or averaged over classes.
///
/// With true positives TP, false positives FP and false negatives FN: precision TP / (TP + FP),
/// recall TP / (TP + FN), F1 = 2 TP / (2 TP + FP + FN). A division by zero counts as 0.
public struct Scores: Equatable, Sendable {
  public let precision: Double
  public let recall: Double
  public let f1: Double

  /// The scores of `truePositives` among so many predicted and so many true samples.
  init(truePositives: Int, predicted: Int, support: Int) {
    precision = ratio(truePositives, predicted)
    recall = ratio(truePositives, support)
    f1 = ratio(2 * truePositives, predicted + support)
  }

  /// The mean of `scores`, weighted; 0 if all weights are.
  init(meanOf scores: [Scores], weights: [Int]) {
    let total = Double(weights.reduce(0, +))
    func mean(_ value: (Scores) -> Double) -> Double {
      guard total > 0 else { return 0 }
      return zip(scores, weights).reduce(0) { $0 + value($1.0) * Double($1.1) } / total
    }
    precision = mean(\.precision)
    recall = mean(\.recall)
    f1 = mean(\.f1)
  }
}

private func ratio(_ part: Int, _ whole: Int) -> Double {
  whole == 0 ? 0 : Double(part) / Double(whole)
}

extension ConfusionMatrix {
  /// Scores by class.
  public var classScores: [Scores] {
    let (supports, predicted) = (supports, predictedCounts)
    return (0..<classCount).map {
      Scores(truePositives: self[$0, $0], predicted: predicted[$0], support: supports[$0])
    }
  }

  /// The share of samples whose class was found; NaN without samples.
  public var accuracy: Double { Double(correctCount) / Double(count) }

  /// The mean over classes, each counting the same, those without samples too.
  public var macro: Scores {
    Scores(meanOf: classScores, weights: [Int](repeating: 1, count: classCount))
  }

  /// The mean over classes, each counting as much as it has samples.
  public var weighted: Scores { Scores(meanOf: classScores, weights: supports) }

  /// The scores of the summed counts; all three are the accuracy, since a sample has one class.
  public var micro: Scores {
    Scores(truePositives: correctCount, predicted: count, support: count)
  }

  /// The interval that holds the true accuracy with 95 % probability.
  public var interval95: (lower: Double, upper: Double) {
    wilsonInterval95(accuracy: accuracy, count: count)
  }
}

/// The interval that holds the true accuracy with 95 % probability, not narrower at the ends of the
/// scale as the normal approximation's is. Without samples it is all of 0 to 1.
///
/// Edwin B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927.
public func wilsonInterval95(accuracy: Double, count: Int) -> (lower: Double, upper: Double) {
  guard count > 0 else { return (0, 1) }
  let z = 1.959_963_984_540_054  // the normal distribution's 97.5 % quantile
  let (n, p) = (Double(count), accuracy)
  let scale = 1 + z * z / n
  let center = (p + z * z / (2 * n)) / scale
  let half = z / scale * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
  return (max(0, center - half), min(1, center + half))
}
