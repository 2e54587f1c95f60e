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
