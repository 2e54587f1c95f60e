import Tensor

/// How far a float result may be from its reference.
public struct Tolerance: Sendable {
  /// Roundings of half a unit in the last place, 2^-24 of the magnitude each.
  public var roundings: Double
  /// What is allowed beside them, for functions whose error is stated absolutely and for results
  /// so small that they lose bits.
  public var absolute: Double

  public init(roundings: Double, absolute: Double = 0x1p-126) {
    self.roundings = roundings
    self.absolute = absolute
  }

  /// The bound for a chain of `terms` products added one by one. A fused step rounds once, a
  /// separate one twice, but only its sum's rounding lasts for the rest of the chain; two more for
  /// what begins the chain and for sums of partial chains.
  public static func sum(of terms: Int) -> Tolerance { Tolerance(roundings: Double(terms + 2)) }

  /// The same bits, or the nearest float to the exact value.
  public static let exact = Tolerance(roundings: 1)
}

/// The first way in which `actual` is not what it should be, or `nil` if it is close: shapes first,
/// then element by element. Nothing is close to a value that is not a number but another one.
public func mismatch(
  _ actual: Tensor, _ expected: Reference, within tolerance: Tolerance
) -> String? {
  guard actual.shape == expected.shape else {
    return "shape \(actual.shape) instead of \(expected.shape)"
  }
  let values = actual.values
  for index in values.indices {
    let (found, wanted) = (Double(values[index]), expected.values[index])
    if wanted.isNaN || wanted.isInfinite {
      if wanted.isNaN ? found.isNaN : found == wanted { continue }
      return "element \(index) of \(actual.shape): \(found) instead of \(wanted)"
    }
    let allowed =
      tolerance.roundings * 0x1p-24 * expected.magnitudes[index] + tolerance.absolute
    guard abs(found - wanted) <= allowed else {
      return "element \(index) of \(actual.shape): \(found) instead of \(wanted) ± \(allowed)"
    }
  }
  return nil
}

/// The first element whose bits differ, or `nil`.
public func bitMismatch(_ actual: Tensor, _ expected: Tensor) -> String? {
  guard actual.shape == expected.shape else {
    return "shape \(actual.shape) instead of \(expected.shape)"
  }
  let (found, wanted) = (actual.values, expected.values)
  for index in found.indices where found[index].bitPattern != wanted[index].bitPattern {
    return "element \(index) of \(actual.shape): \(found[index]) instead of \(wanted[index])"
  }
  return nil
}
