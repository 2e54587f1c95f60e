/// `x < 0 ? α x : x`.
public enum LeakyReLU: Activation {
  public static var traits: ActivationTraits {
    ActivationTraits(
      "leaky_relu", derivativeReads: .outputSign, corners: [0],
      parameter: ActivationParameter(
        "slope", option: "negative_slope", usual: 0.01, below: 1,
        help: "slope of leaky_relu below zero"))
  }

  @inlinable @inline(__always)
  public static func value<I: InstructionSet>(_: I.Type, _ x: Wide, alpha: Float) -> Wide {
    x.replacing(with: x * alpha, where: x .< Wide())
  }

  @inlinable @inline(__always)
  public static func gradient<I: InstructionSet>(
    _: I.Type, _ y: Wide, _ dy: Wide, alpha: Float
  ) -> Wide {
    dy.replacing(with: dy * alpha, where: y .< Wide())
  }
}
