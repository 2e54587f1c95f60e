import Support
import Tensor
import Testing
import TestSupport

/// The gradient of `f` at `x` by central differences. In double precision their error is about
/// 1e-10: the third derivative times ε² / 6 and roundings divided by ε.
func finiteDifferences(_ x: Reference, _ f: (Reference) -> Double) -> [Double] {
  let epsilon = 1e-5
  return x.values.indices.map { index in
    var moved = x
    moved.values[index] = x.values[index] + epsilon
    let above = f(moved)
    moved.values[index] = x.values[index] - epsilon
    return (above - f(moved)) / (2 * epsilon)
  }
}

/// How far `actual` is from `expected`, as a share of the norm of `expected`; not a number if any
/// element is none.
func relativeDistance(_ actual: Tensor, _ expected: [Double]) -> Double {
  guard actual.count == expected.count else { return .infinity }
  var (distance, norm) = (0.0, 0.0)
  for (a, b) in zip(actual.values, expected) {
    distance += (Double(a) - b) * (Double(a) - b)
    norm += b * b
  }
  // Where all derivatives vanish, as that of a bias before a normalization, what counts is that
  // the gradient does so too.
  return distance.squareRoot() / max(norm.squareRoot(), 1e-3)
}

extension Tensor {
  /// Numbers of either sign with magnitudes from 0.1 to 1, no two of them closer than 0.9 / count:
  /// away from the corners of activations and from ties.
  static func awayFromCorners(_ shape: Shape, seed: UInt64 = 1) -> Tensor {
    var stream = RandomStream(seed: seed, purpose: .testing)
    var magnitudes = (0..<shape.count).map { 0.1 + 0.9 * Float($0) / Float(shape.count) }
    stream.shuffle(&magnitudes)
    return Tensor(magnitudes.map { stream.below(2) == 0 ? $0 : -$0 }, shape: shape)
  }
}
