/// What NAdam needs to know of one step.
public struct NAdamStep: Sendable {
  /// The learning rates of the gradient and of its mean, corrections included.
  public var gradientRate: Float
  public var momentRate: Float
  /// Decay that is added to the gradient.
  public var decay: Float
  public var beta2: Float
  /// `1 − β₁` and `1 − β₂`.
  public var rest1: Float
  public var rest2: Float
  public var epsilon: Float
  /// `1 / √(1 − β₂ᵗ)`.
  public var correction2: Float

  public init(
    gradientRate: Float, momentRate: Float, decay: Float, beta2: Float, rest1: Float,
    rest2: Float, epsilon: Float, correction2: Float
  ) {
    self.gradientRate = gradientRate
    self.momentRate = momentRate
    self.decay = decay
    self.beta2 = beta2
    self.rest1 = rest1
    self.rest2 = rest2
    self.epsilon = epsilon
    self.correction2 = correction2
  }
}

extension Kernels {
  /// NAdam (Dozat, 2016), as `torch.optim.NAdam` defines it: the means of Adam, and
  /// `w −= (r₁ g + r₂ m) / (√v̂ + ε)`.
  @inlinable @inline(__always)
  public static func nadamUpdate(_ p: WeightSlice, m: Target, v: Target, _ s: NAdamStep) {
    forEachWide(p.count) { i, valid in
      let weight = p.weights(i, valid)
      let g = multiplyAdd(Wide(repeating: s.decay), weight, p.gradient(i, valid))
      let old = loadWide(Source(m) + i, valid)
      let first = multiplyAdd(Wide(repeating: s.rest1), g - old, old)
      let second = multiplyAdd(
        Wide(repeating: s.rest2), g * g, loadWide(Source(v) + i, valid) * s.beta2)
      storeWide(first, m + i, valid)
      storeWide(second, v + i, valid)
      let scale = squareRoot(second) * s.correction2 + s.epsilon
      let step = multiplyAdd(Wide(repeating: s.gradientRate), g, first * s.momentRate)
      storeWide(weight - step / scale, p.weights + i, valid)
    }
  }
}
