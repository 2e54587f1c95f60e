/// `x (1 + tanh u) / 2`, `u = √(2/π) (x + 0.044715 x³)`, the approximation of the ``GELU`` that its
/// authors give. As `(1 + tanh u) / 2 = σ(2u)` it is `x σ(2u)`.
public enum GELUTanh: Activation {
  public static var traits: ActivationTraits {
    ActivationTraits("gelu_tanh", derivativeReads: .input)
  }

  @inlinable @inline(__always)
  public static func value<I: InstructionSet>(_: I.Type, _ x: Wide, alpha: Float) -> Wide {
    let z = withinBend(x)
    return x * logistic(I.self, z * (z * z * 0.071_354_813 + 1.595_769_12))
  }

  @inlinable @inline(__always)
  public static func gradient<I: InstructionSet>(
    _: I.Type, _ x: Wide, _ dy: Wide, alpha: Float
  ) -> Wide {
    // σ(2u) + x σ(2u) (1 − σ(2u)) 2u'.
    let z = withinBend(x)
    let square = z * z
    let s = logistic(I.self, z * (square * 0.071_354_813 + 1.595_769_12))
    return dy * s * (z * (1 - s) * (square * 0.214_064_44 + 1.595_769_12) + 1)
  }
}

/// `x` where ``GELUTanh``'s logistic function is not 0 or 1, and its ends elsewhere, so that no power
/// of it overflows.
@_transparent
public func withinBend(_ x: Wide) -> Wide {
  Wide.smaller(Wide(repeating: 12), Wide.larger(Wide(repeating: -12), x))
}
