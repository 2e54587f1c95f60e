/// `x <= 0 ? α (exp x − 1) : x` (Clevert, Unterthiner and Hochreiter, 2016).
public enum ELU: Activation {
  public static var traits: ActivationTraits {
    ActivationTraits(
      "elu", derivativeReads: .output, corners: [0],
      parameter: ActivationParameter(
        "alpha", option: "elu_alpha", usual: 1, below: 100,
        help: "what elu falls to below zero, as -X"))
  }

  @inlinable @inline(__always)
  public static func value<I: InstructionSet>(_: I.Type, _ x: Wide, alpha: Float) -> Wide {
    x.replacing(with: (exponential(I.self, x) - 1) * alpha, where: x .< Wide())
  }

  @inlinable @inline(__always)
  public static func gradient<I: InstructionSet>(
    _: I.Type, _ y: Wide, _ dy: Wide, alpha: Float
  ) -> Wide {
    // y = α (exp x − 1) below zero, so its derivative α exp x is y + α. Where x is so small that y
    // is zero, x was negative: a positive x is its own y.
    dy.replacing(with: dy * (y + alpha), where: y .<= Wide())
  }
}
