import Support

/// The distribution of a mean's deviation in units of its estimated standard error, for samples
/// from a normal distribution (Student, "The probable error of a mean", 1908).
public struct StudentDistribution: Sendable {
  /// One less than the size of a sample; a number between two whole ones where variances of several
  /// samples are added up.
  public let degreesOfFreedom: Double

  /// - Parameter degreesOfFreedom: at least 1.
  public init(degreesOfFreedom: Int) { self.init(degreesOfFreedom: Double(degreesOfFreedom)) }

  /// - Parameter degreesOfFreedom: above 0.
  public init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "StudentDistribution: \(degreesOfFreedom)")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The probability of lying between `−t` and `t`.
  public func probability(within t: Double) -> Double {
    if let whole = Int(exactly: degreesOfFreedom), whole < 1000 {
      return probability(within: t, whole)
    }
    return 1 - probability(beyond: t)
  }

  /// The probability of lying outside of `−t` to `t`, precise where it is small (Abramowitz and
  /// Stegun, "Handbook of mathematical functions", 1964, 26.7.1 with 26.5.27).
  public func probability(beyond t: Double) -> Double {
    let n = degreesOfFreedom
    guard t.isFinite else { return t.isNaN ? .nan : 0 }
    return regularizedIncompleteBeta(n / (n + t * t), n / 2, 0.5)
  }

  /// The closed form for whole degrees of freedom (26.7.3 and 26.7.4).
  private func probability(within t: Double, _ degreesOfFreedom: Int) -> Double {
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
