/// `x Φ(x)`, Φ the normal distribution (Hendrycks and Gimpel, 2016).
public enum GELU: Activation {
  public static var traits: ActivationTraits {
    ActivationTraits("gelu", derivativeReads: .input)
  }

  @inlinable @inline(__always)
  public static func value<I: InstructionSet>(_: I.Type, _ x: Wide, alpha: Float) -> Wide {
    x * 0.5 * (errorFunction(I.self, x * 0.707_106_781) + 1)
  }

  @inlinable @inline(__always)
  public static func gradient<I: InstructionSet>(
    _: I.Type, _ x: Wide, _ dy: Wide, alpha: Float
  ) -> Wide {
    // Φ(x) + x φ(x), φ(x) = exp(−x²/2) / √(2π).
    let bell = exponential(I.self, x * x * -0.5)
    let distribution = (errorFunction(I.self, x * 0.707_106_781, bell: bell) + 1) * 0.5
    return dy * (distribution + x * bell * 0.398_942_28)
  }
}
