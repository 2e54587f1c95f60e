import Platform
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

  /// The share of the area below `x`.
  public func share(below x: Double) -> Double {
    switch self {
    case .uniform(let range):
      return clamped((x - range.lowerBound) / (range.upperBound - range.lowerBound))
    case .logUniform(let range):
      guard x > range.lowerBound else { return 0 }
      return clamped(log(x / range.lowerBound) / log(range.upperBound / range.lowerBound))
    case .normal(let mean, let deviation):
      return NormalDistribution.share(below: (x - mean) / deviation)
    case .logNormal(let mean, let deviation):
      return x > 0 ? NormalDistribution.share(below: (log(x) - mean) / deviation) : 0
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
      return min(max(low * exp(log(high / low) * share), low), high)
    case .normal(let mean, let deviation):
      return mean + deviation * NormalDistribution.value(atShare: inside(share))
    case .logNormal(let mean, let deviation):
      return exp(mean + deviation * NormalDistribution.value(atShare: inside(share)))
    case .beta(let a, let b):
      return BetaDistribution(a: a, b: b).value(atShare: share)
    }
  }

  private func clamped(_ share: Double) -> Double { min(max(share, 0), 1) }

  /// Keeps an unbounded law's values finite.
  private func inside(_ share: Double) -> Double { min(max(share, 0x1p-53), 1 - 0x1p-53) }
}
