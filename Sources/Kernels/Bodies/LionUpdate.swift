/// What Lion needs to know of one step.
public struct LionStep: Sendable {
  /// The learning rate, and what every weight is first multiplied with (1 without decay).
  public var rate: Float
  public var shrink: Float
  /// `1 − β₁` and `1 − β₂`.
  public var rest1: Float
  public var rest2: Float

  public init(rate: Float, shrink: Float, rest1: Float, rest2: Float) {
    self.rate = rate
    self.shrink = shrink
    self.rest1 = rest1
    self.rest2 = rest2
  }
}

extension Kernels {
  /// Lion (Chen and others, 2023), as `keras.optimizers.Lion` defines it:
  /// `w −= rate · sign(m + (1 − β₁)(g − m)); m += (1 − β₂)(g − m)`.
  @inlinable @inline(__always)
  public static func lionUpdate(_ p: WeightSlice, moment: Target, _ step: LionStep) {
    forEachWide(p.count) { i, valid in
      let (g, old) = (p.gradient(i, valid), loadWide(Source(moment) + i, valid))
      let direction = multiplyAdd(Wide(repeating: step.rest1), g - old, old)
      let move = Wide().replacing(with: -step.rate, where: direction .> 0)
        .replacing(with: step.rate, where: direction .< 0)
      storeWide(multiplyAdd(Wide(repeating: step.rest2), g - old, old), moment + i, valid)
      storeWide(p.weights(i, valid) * step.shrink + move, p.weights + i, valid)
    }
  }
}
