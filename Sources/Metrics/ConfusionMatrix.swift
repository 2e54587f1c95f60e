import Support

/// How often each true class was taken for each class: rows are true classes, columns predicted
/// ones, as in scikit-learn.
public struct ConfusionMatrix: Equatable, Sendable {
  /// The names of the classes.
  public let labels: [String]
  private var counts: [Int]

  public init(labels: [String]) {
    self.labels = labels
    counts = [Int](repeating: 0, count: labels.count * labels.count)
  }

  /// The number of classes.
  public var classCount: Int { labels.count }
  /// The number of samples counted.
  public var count: Int { counts.reduce(0, +) }
  /// The number of samples whose class was found.
  public var correctCount: Int { (0..<classCount).reduce(0) { $0 + self[$1, $1] } }
  /// The rows, one a true class.
  public var rows: [[Int]] {
    (0..<classCount).map { row in (0..<classCount).map { self[row, $0] } }
  }

  /// The number of samples of a true class that were taken for a predicted one.
  public subscript(trueClass: Int, predictedClass: Int) -> Int {
    get { counts[trueClass * classCount + predictedClass] }
    set { counts[trueClass * classCount + predictedClass] = newValue }
  }

  /// The number of samples of each true class.
  public var supports: [Int] { rows.map { $0.reduce(0, +) } }
  /// The number of samples taken for each class.
  public var predictedCounts: [Int] {
    (0..<classCount).map { column in (0..<classCount).reduce(0) { $0 + self[$1, column] } }
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
    let mistakes = counts.indices.compactMap { place -> Confusion? in
      let (row, column) = place.quotientAndRemainder(dividingBy: classCount)
      guard row != column, counts[place] > 0 else { return nil }
      return Confusion(
        trueClass: row, predictedClass: column, count: counts[place],
        shareOfTrue: Double(counts[place]) / Double(supports[row]),
        shareOfPredicted: Double(counts[place]) / Double(predictedCounts[column]))
    }
    return Array(mistakes.sorted { Self.rank($0) < Self.rank($1) }.prefix(limit))
  }

  private static func rank(_ pair: Confusion) -> (Int, Int, Int) {
    (-pair.count, pair.trueClass, pair.predictedClass)
  }

  /// The matrix as CSV (RFC 4180): a header of predicted labels, then a row a true label.
  public var csvText: String {
    let header = ["true/predicted"] + labels.map(csvField)
    let lines = zip(labels, rows).map { [csvField($0)] + $1.map { "\($0)" } }
    return ([header] + lines).map { $0.joined(separator: ",") + "\n" }.joined()
  }
}
