/// What NAdam needs to know of one step.
public struct NAdamStep: Sendable {
  /// The learning rates of the gradient and of its mean, corrections included.
  public var gradientRate: Float
  public var momentRate: Float
  /// Decay that is added to the gradient.
  public var decay: Float
  public var moments: AdamMoments

  public init(gradientRate: Float, momentRate: Float, decay: Float, moments: AdamMoments) {
    self.gradientRate = gradientRate
    self.momentRate = momentRate
    self.decay = decay
    self.moments = moments
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
      let (mean, scale) = updateMoments(g, m: m + i, v: v + i, valid, s.moments)
      let step = multiplyAdd(Wide(repeating: s.gradientRate), g, mean * s.momentRate)
      storeWide(weight - step / scale, p.weights + i, valid)
    }
  }
}
