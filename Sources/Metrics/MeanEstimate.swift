/// What a sample says of the mean of its population.
public struct MeanEstimate: Sendable, Equatable {
  /// Of the sample.
  public let count: Int
  public let mean: Double
  /// With `n − 1`; not a number for a sample of one.
  public let standardDeviation: Double
  /// Half the width of the 95 % confidence interval of the mean, by Student's distribution.
  public let margin95: Double

  /// - Parameter sample: at least one number.
  public init(_ sample: [Double]) {
    let (count, mean) = (Double(sample.count), sample.reduce(0, +) / Double(sample.count))
    self.count = sample.count
    self.mean = mean
    guard sample.count > 1 else {
      (standardDeviation, margin95) = (.nan, .nan)
      return
    }
    let squares = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    standardDeviation = (squares / (count - 1)).squareRoot()
    let student = StudentDistribution(degreesOfFreedom: sample.count - 1)
    margin95 = student.bound(of: 0.95) * standardDeviation / count.squareRoot()
  }

  public var interval95: (lower: Double, upper: Double) { (mean - margin95, mean + margin95) }

  /// Of fewer numbers the interval is so wide that it says nothing: two leave one degree of freedom.
  public static let leastForInterval = 3

  /// The interval of a mean of shares, which does not leave 0 to 1; `nil` of fewer than three.
  public var shareInterval95: (lower: Double, upper: Double)? {
    guard count >= Self.leastForInterval, margin95.isFinite else { return nil }
    return (max(0, mean - margin95), min(1, mean + margin95))
  }
}
