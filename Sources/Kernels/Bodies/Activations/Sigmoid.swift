/// `σ(x) = 1 / (1 + exp(−x))`.
public enum Sigmoid: Activation {
  public static var traits: ActivationTraits {
    ActivationTraits("sigmoid", derivativeReads: .output)
  }

  @inlinable @inline(__always)
  public static func value<I: InstructionSet>(_: I.Type, _ x: Wide, alpha: Float) -> Wide {
    logistic(I.self, x)
  }

  @inlinable @inline(__always)
  public static func gradient<I: InstructionSet>(
    _: I.Type, _ y: Wide, _ dy: Wide, alpha: Float
  ) -> Wide {
    dy * (y * (1 - y))
  }
}
