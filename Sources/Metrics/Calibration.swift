import Support

/// Whether a model is right as often as it says: predictions in 15 bins of equal width by the
/// probability they were made with.
///
/// Chuan Guo et al., "On Calibration of Modern Neural Networks", 2017.
public struct Calibration: Equatable, Sendable {
  public static let binCount = 15

  /// The predictions made with a probability above `lower`, up to `upper`.
  public struct Bin: Equatable, Sendable {
    public let lower: Double
    public let upper: Double
    public fileprivate(set) var count = 0
    fileprivate var correctCount = 0
    fileprivate var probabilitySum = 0.0

    /// The share of predictions that were right; NaN in an empty bin.
    public var accuracy: Double { Double(correctCount) / Double(count) }
    /// The mean probability; NaN in an empty bin.
    public var confidence: Double { probabilitySum / Double(count) }
    /// How far the two are apart; 0 in an empty bin.
    fileprivate var gap: Double { count == 0 ? 0 : abs(accuracy - confidence) }
  }

  public private(set) var bins = (0..<binCount).map {
    Bin(lower: Double($0) / Double(binCount), upper: Double($0 + 1) / Double(binCount))
  }
  private var count = 0
  private var sawNaN = false

  public init() {}

  /// Counts a prediction. One made with probability NaN makes both errors NaN.
  public mutating func add(probability: Double, isCorrect: Bool) {
    guard !probability.isNaN else { return sawNaN = true }
    let index = bins.firstIndex { probability <= $0.upper } ?? bins.count - 1
    count += 1
    bins[index].count += 1
    bins[index].correctCount += isCorrect ? 1 : 0
    bins[index].probabilitySum += probability
  }

  /// ECE: the mean distance of accuracy and confidence, a bin counting as it is filled. NaN
  /// without predictions.
  public var expectedError: Double {
    if sawNaN { return .nan }
    return bins.reduce(0) { $0 + Double($1.count) * $1.gap } / Double(count)
  }

  /// MCE: the distance in the worst bin. NaN without predictions.
  public var maximumError: Double {
    if sawNaN || count == 0 { return .nan }
    return bins.map(\.gap).max() ?? 0
  }
}

/// The sharpness that makes probabilities as sure as they are right: `q ∝ p ^ sharpness`.
///
/// Models that learned smoothed labels, or averages of models, are less sure than they should be,
/// and then hardly any sample is confidently of another class. One number, fitted by the likelihood
/// of the labels, mends that (Guo et al., "On Calibration of Modern Neural Networks", 2017, section
/// 4.2; its temperature is the inverse).
public struct Temperature {
  let sharpness: Double

  private static let bounds = (0.05, 20.0)
  /// About as many samples tell it to three digits.
  private static let sampleCount = 20_000

  /// - Parameters:
  ///   - probabilities: `[N, C]`, row by row.
  ///   - labels: the `N` class indices.
  public init(fitting probabilities: [Float], labels: [UInt16], classCount: Int) {
    let step = max(1, labels.count / Self.sampleCount)
    let samples = stride(from: 0, to: labels.count, by: step).map { index in
      (
        logarithms: probabilities[index * classCount..<(index + 1) * classCount].map(
          Self.boundedLogarithm),
        label: Int(labels[index])
      )
    }
    // The likelihood has one peak, where this changes its sign.
    func excess(_ sharpness: Double) -> Double {
      samples.reduce(0) { sum, sample in
        let weights = sample.logarithms.map { exponential($0 * sharpness) }
        let mean = zip(weights, sample.logarithms).reduce(0) { $0 + $1.0 * $1.1 }
        return sum + mean / weights.reduce(0, +) - sample.logarithms[sample.label]
      }
    }
    var (low, high) = Self.bounds
    for _ in 0..<30 {
      let middle = (low * high).squareRoot()
      if excess(middle) < 0 { low = middle } else { high = middle }
    }
    sharpness = samples.isEmpty ? 1 : (low * high).squareRoot()
  }

  /// The probabilities, each row as sure as it should be.
  public func apply(to probabilities: [Float], classCount: Int) -> [Float] {
    var result = probabilities
    for start in stride(from: 0, to: probabilities.count, by: classCount) {
      let weights = probabilities[start..<start + classCount].map {
        exponential(Self.boundedLogarithm($0) * sharpness)
      }
      let sum = weights.reduce(0, +)
      for (c, weight) in weights.enumerated() { result[start + c] = Float(weight / sum) }
    }
    return result
  }

  /// Bounded, so that a probability of 0 stays comparable.
  private static func boundedLogarithm(_ probability: Float) -> Double {
    logarithm(max(Double(probability), 1e-30))
  }
}
