// Comparing vectors lane by lane.
//
// The library compares vectors of a known type in one instruction, but in generic code lane by
// lane, even after specialization. So each type says for itself what its larger lanes are.

/// A vector of floats that fits the registers of some processor.
public protocol FloatVector: SIMD where Scalar == Float {
  /// Lane by lane `a > b ? a : b`: the second operand where either is not a number.
  static func larger(_ a: Self, _ b: Self) -> Self

  /// Lane by lane `a < b ? a : b`: the second operand where either is not a number.
  static func smaller(_ a: Self, _ b: Self) -> Self
}

extension SIMD4: FloatVector where Scalar == Float {
  @inlinable @inline(__always)
  public static func larger(_ a: Self, _ b: Self) -> Self { b.replacing(with: a, where: a .> b) }

  @inlinable @inline(__always)
  public static func smaller(_ a: Self, _ b: Self) -> Self { b.replacing(with: a, where: a .< b) }
}

extension SIMD8: FloatVector where Scalar == Float {
  @inlinable @inline(__always)
  public static func larger(_ a: Self, _ b: Self) -> Self { b.replacing(with: a, where: a .> b) }

  @inlinable @inline(__always)
  public static func smaller(_ a: Self, _ b: Self) -> Self { b.replacing(with: a, where: a .< b) }
}

extension SIMD16: FloatVector where Scalar == Float {
  @inlinable @inline(__always)
  public static func larger(_ a: Self, _ b: Self) -> Self { b.replacing(with: a, where: a .> b) }

  @inlinable @inline(__always)
  public static func smaller(_ a: Self, _ b: Self) -> Self { b.replacing(with: a, where: a .< b) }
}
