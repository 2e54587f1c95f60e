/// `tanh x`.
public enum Tanh: Activation {
  public static var traits: ActivationTraits {
    ActivationTraits("tanh", derivativeReads: .output)
  }

  @inlinable @inline(__always)
  public static func value<I: InstructionSet>(_: I.Type, _ x: Wide, alpha: Float) -> Wide {
    hyperbolicTangent(I.self, x)
  }

  @inlinable @inline(__always)
  public static func gradient<I: InstructionSet>(
    _: I.Type, _ y: Wide, _ dy: Wide, alpha: Float
  ) -> Wide {
    dy * (1 - y * y)
  }
}
