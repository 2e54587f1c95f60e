/// `max(0, x)`; NaN stays NaN.
public enum ReLU: Activation {
  public static var traits: ActivationTraits {
    ActivationTraits("relu", derivativeReads: .outputSign, corners: [0])
  }

  @inlinable @inline(__always)
  public static func value<I: InstructionSet>(_: I.Type, _ x: Wide, alpha: Float) -> Wide {
    Wide.larger(Wide(), x)
  }

  @inlinable @inline(__always)
  public static func gradient<I: InstructionSet>(
    _: I.Type, _ y: Wide, _ dy: Wide, alpha: Float
  ) -> Wide {
    dy.replacing(with: 0, where: y .<= Wide())
  }
}
