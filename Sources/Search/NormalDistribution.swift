import Platform
import Support

/// The standard normal distribution, as parts of its area and back.
enum NormalDistribution {
  /// The area left of `x`.
  static func share(below x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

  /// The area between `a` and `b`, which is exact in both tails.
  static func mass(from a: Double, to b: Double) -> Double {
    if a > 0 { return mass(from: -b, to: -a) }
    let root = 2.0.squareRoot()
    if b < 0 { return 0.5 * (erfc(-b / root) - erfc(-a / root)) }
    return 0.5 * (erf(b / root) - erf(a / root))
  }

  /// The point that has the area `share` to its left, to about 15 digits; infinite for 0 and 1.
  ///
  /// Starts from a rational function (Abramowitz and Stegun, "Handbook of Mathematical Functions",
  /// 1964, 26.2.23) and refines it by Halley's method.
  static func value(atShare share: Double) -> Double {
    if share > 0.5 { return -value(atShare: 1 - share) }
    guard share > 0 else { return -.infinity }
    let t = (-2 * log(share)).squareRoot()
    let numerator = 2.515517 + t * (0.802853 + t * 0.010328)
    let denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    var x = numerator / denominator - t
    for _ in 0..<3 {
      let error = (Self.share(below: x) - share) * (2 * .pi).squareRoot() * exp(x * x / 2)
      x -= error / (1 + x * error / 2)
    }
    return x
  }
}
