/// `x σ(x)` (Elfwing, Uchibe and Doya, 2018).
public enum SiLU: Activation {
  public static var traits: ActivationTraits {
    ActivationTraits("silu", derivativeReads: .input)
  }

  @inlinable @inline(__always)
  public static func value<I: InstructionSet>(_: I.Type, _ x: Wide, alpha: Float) -> Wide {
    x * logistic(I.self, x)
  }

  @inlinable @inline(__always)
  public static func gradient<I: InstructionSet>(
    _: I.Type, _ x: Wide, _ dy: Wide, alpha: Float
  ) -> Wide {
    // σ(x) (1 + x (1 − σ(x))).
    let s = logistic(I.self, x)
    return dy * s * (x * (1 - s) + 1)
  }
}
