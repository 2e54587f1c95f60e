/// `x tanh(log(1 + exp x))` (Misra, "Mish: a self regularized non-monotonic activation function",
/// 2019), PyTorch's `mish`. With `n = e (e + 2)` and `e = exp x` the hyperbolic tangent is
/// `n / (n + 2)`, in which nothing cancels.
public enum Mish: Activation {
  public static var traits: ActivationTraits {
    ActivationTraits("mish", derivativeReads: .input)
  }

  @inlinable @inline(__always)
  public static func value<I: InstructionSet>(_: I.Type, _ x: Wide, alpha: Float) -> Wide {
    // Below -88 the value is zero as far as floats go, above 20 it is x, and exp x would overflow.
    let low = Wide.larger(Wide(repeating: -88), x)
    let e = exponential(I.self, Wide.smaller(Wide(repeating: 20), low))
    let n = e * (e + 2)
    return low * (n / (n + 2))
  }

  @inlinable @inline(__always)
  public static func gradient<I: InstructionSet>(
    _: I.Type, _ x: Wide, _ dy: Wide, alpha: Float
  ) -> Wide {
    // n / (n + 2) + x 2n' / (n + 2)², n' = 2e (e + 1).
    let z = Wide.smaller(Wide(repeating: 20), Wide.larger(Wide(repeating: -88), x))
    let e = exponential(I.self, z)
    let n = e * (e + 2)
    let share = Wide(repeating: 1) / (n + 2)
    return dy * (n * share + z * (e * (e + 1) * 4 * share * share))
  }
}
