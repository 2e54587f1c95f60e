import Support

/// What a sample says of the mean of its population.
public struct MeanEstimate: Sendable, Equatable {
  public let mean: Double
  /// With `n − 1`; not a number for a sample of one.
  public let standardDeviation: Double
  /// Half the width of the 95 % confidence interval of the mean, by Student's distribution.
  public let margin95: Double

  /// - Parameter sample: at least one number.
  public init(_ sample: [Double]) {
    let (count, mean) = (Double(sample.count), sample.reduce(0, +) / Double(sample.count))
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
}

/// The distribution of a mean's deviation in units of its estimated standard error, for samples
/// from a normal distribution (Student, "The probable error of a mean", 1908).
public struct StudentDistribution: Sendable {
  /// One less than the size of the sample.
  public let degreesOfFreedom: Int

  /// - Parameter degreesOfFreedom: at least 1.
  public init(degreesOfFreedom: Int) {
    precondition(degreesOfFreedom > 0, "StudentDistribution: \(degreesOfFreedom)")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The probability of lying between `−t` and `t`, in the closed form for whole degrees of freedom
  /// (Abramowitz and Stegun, "Handbook of mathematical functions", 1964, 26.7.3 and 26.7.4).
  public func probability(within t: Double) -> Double {
    let angle = arctangent(t / Double(degreesOfFreedom).squareRoot())
    let (s, c) = (sine(angle), cosine(angle))
    let isOdd = degreesOfFreedom % 2 == 1
    var (term, sum) = (isOdd ? c : 1, 0.0)
    var order = isOdd ? 3 : 2
    while order <= degreesOfFreedom {
      sum += term
      term *= c * c * Double(order - 1) / Double(order)
      order += 2
    }
    return isOdd ? 2 / .pi * (angle + s * sum) : s * sum
  }

  /// The `t` for which ``probability(within:)`` is `share`, from 0 to below 1; by bisection, to the
  /// last bits.
  public func bound(of share: Double) -> Double {
    precondition((0..<1).contains(share), "StudentDistribution: a share of \(share)")
    var (low, high) = (0.0, 1.0)
    while probability(within: high) < share { high *= 2 }
    while true {
      let middle = (low + high) / 2
      guard middle > low, middle < high else { return middle }
      if probability(within: middle) < share { low = middle } else { high = middle }
    }
  }
}
