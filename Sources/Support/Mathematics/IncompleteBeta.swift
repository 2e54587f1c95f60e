/// The regularized incomplete beta function `I_x(a, b)`: the probability that a number of the beta
/// distribution lies below `x`. For `x` from 0 to 1, `a` and `b` above 0.
///
/// By its continued fraction (NIST, "Digital Library of Mathematical Functions", 8.17.22) on the side
/// where that converges quickly, which takes about as many steps as the root of the larger of `a`
/// and `b`; relatively precise in the tail of small `x`, to about 10⁻¹³ of the larger of 1, `a` and `b`.
public func regularizedIncompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  precondition(a > 0 && b > 0, "regularizedIncompleteBeta(\(x), \(a), \(b))")
  guard x > 0 else { return x.isNaN ? .nan : 0 }
  guard x < 1 else { return 1 }
  let logarithmOfFactor =
    logarithmOfGamma(a + b) - logarithmOfGamma(a) - logarithmOfGamma(b)
    + a * logarithm(x) + b * logarithmOfOnePlus(-x)
  let factor = exponential(logarithmOfFactor)
  return x < (a + 1) / (a + b + 2)
    ? factor / a * betaFraction(x, a, b) : 1 - factor / b * betaFraction(1 - x, b, a)
}

/// The continued fraction, from its front on (W. J. Lentz, "Generating Bessel functions in Mie
/// scattering calculations using continued fractions", 1976).
private func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
  /// A partial denominator that is 0 is moved a little.
  func nonzero(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
  var above = 1.0
  var below = 1 / nonzero(1 - (a + b) * x / (a + 1))
  var value = below
  for step in 1...100_000 {
    let m = Double(step)
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    var change = 1.0
    for numerator in [even, odd] {
      below = 1 / nonzero(1 + numerator * below)
      above = nonzero(1 + numerator / above)
      change = below * above
      value *= change
    }
    if abs(change - 1) < 1e-16 { break }
  }
  return value
}
