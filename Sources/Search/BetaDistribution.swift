import Platform
import Support

/// The beta distribution on 0 to 1, with the density `x^(a-1) (1-x)^(b-1) / B(a, b)`.
struct BetaDistribution {
  let a: Double
  let b: Double

  /// The area left of `x`: the regularized incomplete beta function, by its continued fraction
  /// (Press et al., "Numerical Recipes", 1992, 6.4).
  func share(below x: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    // The fraction converges quickly left of the mean.
    if x > (a + 1) / (a + b + 2) { return 1 - BetaDistribution(a: b, b: a).share(below: 1 - x) }
    let logFactor = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)
    return exp(logFactor) * fraction(x) / a
  }

  /// The point that has the area `share` to its left, by bisection.
  func value(atShare share: Double) -> Double {
    var (low, high) = (0.0, 1.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if self.share(below: middle) < share { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The continued fraction, from its front (Lentz's method).
  private func fraction(_ x: Double) -> Double {
    var c = 1.0
    var d = 1 / nonzero(1 - (a + b) * x / (a + 1))
    var result = d
    for step in 1...300 {
      let m = Double(step)
      for term in [
        m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
      ] {
        d = 1 / nonzero(1 + term * d)
        c = nonzero(1 + term / c)
        result *= c * d
      }
      if abs(c * d - 1) < 1e-15 { break }
    }
    return result
  }

  private func nonzero(_ x: Double) -> Double { abs(x) < 1e-300 ? 1e-300 : x }
}
