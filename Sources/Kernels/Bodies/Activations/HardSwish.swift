/// `x min(max(x + 3, 0), 6) / 6` (Howard et al., "Searching for MobileNetV3", 2019), PyTorch's
/// `hardswish`.
public enum HardSwish: Activation {
  public static var traits: ActivationTraits {
    ActivationTraits("hard_swish", derivativeReads: .input, corners: [-3, 3])
  }

  @inlinable @inline(__always)
  public static func value<I: InstructionSet>(_: I.Type, _ x: Wide, alpha: Float) -> Wide {
    let inside = Wide.smaller(Wide(repeating: 6), Wide.larger(Wide(), x + 3))
    // The sixth of 6 is 1 to the last bit, so that large x are their own values.
    return x * (inside * (1 / 6))
  }

  @inlinable @inline(__always)
  public static func gradient<I: InstructionSet>(
    _: I.Type, _ x: Wide, _ dy: Wide, alpha: Float
  ) -> Wide {
    (dy * (x * (1 / 3) + 0.5)).replacing(with: 0, where: x .<= Wide(repeating: -3))
      .replacing(with: dy, where: x .>= Wide(repeating: 3))
  }
}
