import Support

/// What a network gets wrong if it may pass: images in the order of their scores, the surest first.
///
/// Ran El-Yaniv and Yair Wiener, "On the Foundations of Noise-free Selective Classification", 2010.
public struct SelectiveResult: Sendable {
  /// A share of images that are answered, and the share of those that are answered wrongly.
  public typealias Point = (coverage: Double, risk: Double)

  private let wrongCounts: [Int]
  /// The images that score at least the threshold.
  private let acceptedCount: Int

  /// - Returns: `nil` if there are no predictions, or some have no score.
  public init?(_ predictions: some Collection<Prediction>, threshold: Double) {
    let scored = predictions.compactMap { prediction in
      prediction.score.map { (score: $0.isNaN ? -.infinity : $0, isCorrect: prediction.isCorrect) }
    }
    guard !scored.isEmpty, scored.count == predictions.count else { return nil }
    let order = scored.indices.sorted { (-scored[$0].score, $0) < (-scored[$1].score, $1) }
    var wrong = 0
    wrongCounts = order.map {
      wrong += scored[$0].isCorrect ? 0 : 1
      return wrong
    }
    acceptedCount = scored.count { $0.score >= threshold }
  }

  /// The share of images that are accepted.
  public var coverage: Double { Double(acceptedCount) / Double(wrongCounts.count) }

  /// The share of accepted images whose class was found; NaN if none is accepted.
  public var accuracy: Double { 1 - risk(acceptedCount) }

  /// The area under the curve of risk over coverage, the mean risk of all coverages (Geifman, Uziel
  /// and El-Yaniv, "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers", 2019).
  public var meanRisk: Double {
    (1...wrongCounts.count).reduce(0) { $0 + risk($1) } / Double(wrongCounts.count)
  }

  /// The curve at this many coverages, evenly spread up to all images.
  public func curve(points: Int = 100) -> [Point] {
    let count = wrongCounts.count
    let sizes = (1...points).map { max(1, $0 * count / points) }
    return sizes.enumerated().compactMap { place, size in
      place > 0 && size == sizes[place - 1] ? nil : (Double(size) / Double(count), risk(size))
    }
  }

  private func risk(_ answered: Int) -> Double {
    answered == 0 ? .nan : Double(wrongCounts[answered - 1]) / Double(answered)
  }
}
