import Support

/// How often each true class was taken for each class: rows are true classes, columns predicted
/// ones, as in scikit-learn.
public struct ConfusionMatrix: Equatable, Sendable {
  /// The names of the classes.
  public let labels: [String]
  /// What is above 0, by row and column; among thousands of classes hardly any pair occurs.
  private var cells: [Int: Int] = [:]

  /// Above so many classes files hold the pairs that occur instead of all.
  public static let mostClassesInFull = 1000

  public init(labels: [String]) { self.labels = labels }

  /// The number of classes.
  public var classCount: Int { labels.count }
  /// The number of samples counted.
  public var count: Int { cells.values.reduce(0, +) }
  /// The number of samples whose class was found.
  public var correctCount: Int { (0..<classCount).reduce(0) { $0 + self[$1, $1] } }
  /// The rows, one a true class; for few classes.
  public var rows: [[Int]] {
    (0..<classCount).map { row in (0..<classCount).map { self[row, $0] } }
  }

  /// The number of samples of a true class that were taken for a predicted one.
  public subscript(trueClass: Int, predictedClass: Int) -> Int {
    get { cells[trueClass * classCount + predictedClass] ?? 0 }
    set { cells[trueClass * classCount + predictedClass] = newValue == 0 ? nil : newValue }
  }

  /// The pairs that occur, by true and then by predicted class.
  public var pairs: [(trueClass: Int, predictedClass: Int, count: Int)] {
    cells.sorted { $0.key < $1.key }.map { place, count in
      (place / classCount, place % classCount, count)
    }
  }

  /// The number of samples of each true class.
  public var supports: [Int] {
    var sums = [Int](repeating: 0, count: classCount)
    for (place, count) in cells { sums[place / classCount] += count }
    return sums
  }

  /// The number of samples taken for each class.
  public var predictedCounts: [Int] {
    var sums = [Int](repeating: 0, count: classCount)
    for (place, count) in cells { sums[place % classCount] += count }
    return sums
  }

  /// A pair of classes that were mixed up.
  public struct Confusion: Equatable, Sendable {
    public let trueClass: Int
    public let predictedClass: Int
    /// At least 1.
    public let count: Int
    /// Of the samples of the true class.
    public let shareOfTrue: Double
    /// Of the samples taken for the predicted class.
    public let shareOfPredicted: Double
  }

  /// The pairs most often mixed up, the worst first; equal counts in the order of the true, then
  /// of the predicted class.
  public func topConfusions(_ limit: Int) -> [Confusion] {
    let (supports, predictedCounts) = (supports, predictedCounts)
    let mistakes = pairs.filter { $0.trueClass != $0.predictedClass }.map { pair in
      Confusion(
        trueClass: pair.trueClass, predictedClass: pair.predictedClass, count: pair.count,
        shareOfTrue: Double(pair.count) / Double(supports[pair.trueClass]),
        shareOfPredicted: Double(pair.count) / Double(predictedCounts[pair.predictedClass]))
    }
    return Array(mistakes.sorted { Self.rank($0) < Self.rank($1) }.prefix(limit))
  }

  private static func rank(_ pair: Confusion) -> (Int, Int, Int) {
    (-pair.count, pair.trueClass, pair.predictedClass)
  }

  /// The matrix as CSV (RFC 4180): a header of predicted labels, then a row a true label. Above
  /// ``mostClassesInFull`` classes the pairs that occur: true label, predicted label, count.
  public var csvText: String {
    let names = labels.map(csvField)
    guard classCount <= Self.mostClassesInFull else {
      return pairs.reduce(into: "true,predicted,count\n") { text, pair in
        text += "\(names[pair.trueClass]),\(names[pair.predictedClass]),\(pair.count)\n"
      }
    }
    let lines = zip(names, rows).map { [$0] + $1.map { "\($0)" } }
    return ([["true/predicted"] + names] + lines).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  /// The rows, or above ``mostClassesInFull`` classes `{"pairs": [[true, predicted, count], …]}`
  /// of class indices.
  public var json: JSONValue {
    guard classCount <= Self.mostClassesInFull else {
      return [
        "pairs": .array(
          pairs.map {
            [.integer($0.trueClass), .integer($0.predictedClass), .integer($0.count)]
          })
      ]
    }
    return .array(rows.map { .array($0.map { .integer($0) }) })
  }

  /// The matrix of some of the classes, in their order.
  public func restricted(to classes: [Int]) -> ConfusionMatrix {
    var matrix = ConfusionMatrix(labels: classes.map { labels[$0] })
    for (row, trueClass) in classes.enumerated() {
      for (column, predictedClass) in classes.enumerated() {
        let count = self[trueClass, predictedClass]
        if count > 0 { matrix[row, column] = count }
      }
    }
    return matrix
  }

  /// The classes of the pairs most often mixed up, at most `limit`, in their own order.
  public func mostConfused(_ limit: Int) -> [Int] {
    var classes: Set<Int> = []
    for pair in topConfusions(.max) {
      for c in [pair.trueClass, pair.predictedClass] where classes.count < limit {
        classes.insert(c)
      }
    }
    return classes.sorted()
  }
}

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

  /// The mean over the classes that are any sample's true or predicted one, each counting the same,
  /// as scikit-learn has it.
  public var macro: Scores {
    let occurs = zip(supports, predictedCounts).map { $0 + $1 > 0 ? 1 : 0 }
    return Scores(meanOf: classScores, weights: occurs)
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

// Single numbers for a whole matrix that a model of constant guesses does not raise.

extension ConfusionMatrix {
  /// Cohen's kappa: by how much of what was possible the predictions agree better with the true
  /// classes than they would by chance; 1 if always, 0 as often as by chance. NaN without samples,
  /// and where chance would always agree, as in one class.
  ///
  /// Jacob Cohen, "A Coefficient of Agreement for Nominal Scales", 1960.
  public var kappa: Double {
    let possible = count * count - agreementsByChance
    return 1 - Double((count - correctCount) * count) / Double(possible)
  }

  /// The Matthews correlation coefficient of true and predicted classes, from -1 to 1; 0 if all
  /// samples are of one class or taken for one.
  ///
  /// For several classes: J. Gorodkin, "Comparing two K-category assignments by a K-category
  /// correlation coefficient", 2004.
  public var matthewsCorrelation: Double {
    func spread(_ counts: [Int]) -> Double {
      Double(count * count - counts.reduce(0) { $0 + $1 * $1 })
    }
    let spreads = spread(supports) * spread(predictedCounts)
    guard spreads > 0 else { return 0 }
    return Double(correctCount * count - agreementsByChance) / spreads.squareRoot()
  }

  /// How often the classes would agree if they were dealt out at random, times ``count``.
  private var agreementsByChance: Int {
    zip(supports, predictedCounts).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
