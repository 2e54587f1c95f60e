import Support

/// A continuous distribution, as a map between its values and the share of its area below them.
///
/// Shares, from 0 to 1, are the scale on which searches work: on it every law is uniform.
public enum ContinuousLaw: Equatable, Sendable {
  case uniform(ClosedRange<Double>)
  /// The logarithm is uniform; the bounds are values, not exponents.
  case logUniform(ClosedRange<Double>)
  case normal(mean: Double, deviation: Double)
  /// The logarithm is normal.
  case logNormal(mean: Double, deviation: Double)
  case beta(a: Double, b: Double)

  /// The smallest and the largest value; `nil` if there is none.
  public var bounds: ClosedRange<Double>? {
    switch self {
    case .uniform(let range), .logUniform(let range): range
    case .beta: 0...1
    case .normal, .logNormal: nil
    }
  }

  /// Whether it is the logarithm of a value that is spread evenly or normally.
  public var isLogarithmic: Bool {
    switch self {
    case .logUniform, .logNormal: true
    case .uniform, .normal, .beta: false
    }
  }

  /// The law between other bounds, for one that is given by them; any other is left as it is.
  public func between(_ low: Double, _ high: Double) -> ContinuousLaw {
    switch self {
    case .uniform: .uniform(low...high)
    case .logUniform: .logUniform(low...high)
    case .normal, .logNormal, .beta: self
    }
  }

  /// The share of the area below `x`.
  public func share(below x: Double) -> Double {
    switch self {
    case .uniform(let range):
      return clamped((x - range.lowerBound) / (range.upperBound - range.lowerBound))
    case .logUniform(let range):
      guard x > range.lowerBound else { return 0 }
      return clamped(
        logarithm(x / range.lowerBound) / logarithm(range.upperBound / range.lowerBound))
    case .normal(let mean, let deviation):
      return NormalDistribution.share(below: (x - mean) / deviation)
    case .logNormal(let mean, let deviation):
      return x > 0 ? NormalDistribution.share(below: (logarithm(x) - mean) / deviation) : 0
    case .beta(let a, let b):
      return BetaDistribution(a: a, b: b).share(below: x)
    }
  }

  /// The value that has `share` of the area below it.
  public func value(atShare share: Double) -> Double {
    switch self {
    case .uniform(let range):
      let (low, high) = (range.lowerBound, range.upperBound)
      return min(max(low + (high - low) * share, low), high)
    case .logUniform(let range):
      let (low, high) = (range.lowerBound, range.upperBound)
      // The bounds themselves, not what rounding makes of them.
      if share <= 0 || share >= 1 { return share <= 0 ? low : high }
      return min(max(low * exponential(logarithm(high / low) * share), low), high)
    case .normal(let mean, let deviation):
      return mean + deviation * NormalDistribution.value(atShare: inside(share))
    case .logNormal(let mean, let deviation):
      return exponential(mean + deviation * NormalDistribution.value(atShare: inside(share)))
    case .beta(let a, let b):
      return BetaDistribution(a: a, b: b).value(atShare: share)
    }
  }

  private func clamped(_ share: Double) -> Double { min(max(share, 0), 1) }

  /// Keeps an unbounded law's values finite.
  private func inside(_ share: Double) -> Double { min(max(share, 0x1p-53), 1 - 0x1p-53) }
}

/// The standard normal distribution, as parts of its area and back.
enum NormalDistribution {
  /// The area left of `x`.
  static func share(below x: Double) -> Double {
    0.5 * complementaryErrorFunction(-x / 2.0.squareRoot())
  }

  /// The area between `a` and `b`, which is exact in both tails.
  static func mass(from a: Double, to b: Double) -> Double {
    if a > 0 { return mass(from: -b, to: -a) }
    let root = 2.0.squareRoot()
    if b < 0 {
      return 0.5 * (complementaryErrorFunction(-b / root) - complementaryErrorFunction(-a / root))
    }
    return 0.5 * (errorFunction(b / root) - errorFunction(a / root))
  }

  /// The point that has the area `share` to its left, to about 15 digits; infinite for 0 and 1.
  ///
  /// Starts from a rational function (Abramowitz and Stegun, "Handbook of Mathematical Functions",
  /// 1964, 26.2.23) and refines it by Halley's method.
  static func value(atShare share: Double) -> Double {
    if share > 0.5 { return -value(atShare: 1 - share) }
    guard share > 0 else { return -.infinity }
    let t = (-2 * logarithm(share)).squareRoot()
    let numerator = 2.515517 + t * (0.802853 + t * 0.010328)
    let denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    var x = numerator / denominator - t
    for _ in 0..<3 {
      let error = (Self.share(below: x) - share) * (2 * .pi).squareRoot() * exponential(x * x / 2)
      x -= error / (1 + x * error / 2)
    }
    return x
  }
}

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
    let logFactor =
      logarithmOfGamma(a + b) - logarithmOfGamma(a) - logarithmOfGamma(b)
      + a * logarithm(x) + b * logarithmOfOnePlus(-x)
    return exponential(logFactor) * fraction(x) / a
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
