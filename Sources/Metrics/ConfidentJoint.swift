/// How often a given label stands for another true class, estimated from what a model that did not
/// see the samples says of them: confident learning.
///
/// A sample counts for the true class `j` if its probability of `j` is at least the mean one of the
/// samples that are labelled `j`; of several such classes for the most probable. Samples that are
/// sure of no class count for none.
///
/// Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", 2021,
/// section 3.
public struct ConfidentJoint: Sendable {
  /// The mean probability of each class among the samples that are labelled so; NaN for a class
  /// without samples, which none counts for.
  public let thresholds: [Double]
  /// The samples of each label.
  public let supports: [Int]
  /// For each sample the class that it counts for, if it does for one.
  public let confidentClasses: [UInt16?]
  /// How many samples of a given label (as true class) count for a class (as predicted one).
  public let counts: ConfusionMatrix

  /// - Parameters:
  ///   - probabilities: `[N, C]`, row by row.
  ///   - labels: the `N` given class indices, each below `C`.
  public init(probabilities: [Float], labels: [UInt16], classCount: Int) {
    precondition(
      probabilities.count == labels.count * classCount,
      "\(probabilities.count) probabilities are not \(labels.count) samples of \(classCount)")
    var sums = [Double](repeating: 0, count: classCount)
    var supports = [Int](repeating: 0, count: classCount)
    for (index, label) in labels.enumerated() {
      sums[Int(label)] += Double(probabilities[index * classCount + Int(label)])
      supports[Int(label)] += 1
    }
    let thresholds = zip(sums, supports).map { $0 / Double($1) }
    let confident = labels.indices.map { index -> UInt16? in
      let row = probabilities[index * classCount..<(index + 1) * classCount]
      return zip(row, thresholds).enumerated()
        .filter { Double($1.0) >= $1.1 }
        .max { $0.element.0 < $1.element.0 }.map { UInt16($0.offset) }
    }
    var counts = ConfusionMatrix(labels: (0..<classCount).map(String.init))
    for (label, found) in zip(labels, confident) {
      if let found { counts[Int(label), Int(found)] += 1 }
    }
    (self.thresholds, self.supports, self.counts) = (thresholds, supports, counts)
    confidentClasses = confident
  }

  /// The estimated number of samples whose label is wrong.
  public var errorEstimate: Double { noise.reduce(0) { $0 + $1.wrong } }

  /// For each class the estimated number of samples that wrongly have its label, and of samples of
  /// it that have another: the counts scaled to all samples of each label.
  public var noise: [(wrong: Double, missing: Double)] {
    var noise = [(wrong: Double, missing: Double)](repeating: (0, 0), count: supports.count)
    let sure = counts.supports
    for pair in counts.pairs where pair.trueClass != pair.predictedClass {
      let (label, other) = (pair.trueClass, pair.predictedClass)
      let estimate = Double(pair.count) / Double(sure[label]) * Double(supports[label])
      noise[label].wrong += estimate
      noise[other].missing += estimate
    }
    return noise
  }
}
