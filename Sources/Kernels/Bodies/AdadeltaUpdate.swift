/// What Adadelta needs to know of one step.
public struct AdadeltaStep: Sendable {
  public var rate: Float
  /// How much of the means of squares is kept, and the rest to 1.
  public var rho: Float
  public var rest: Float
  public var epsilon: Float
  /// Decay that is added to the gradient.
  public var decay: Float

  public init(rate: Float, rho: Float, rest: Float, epsilon: Float, decay: Float) {
    self.rate = rate
    self.rho = rho
    self.rest = rest
    self.epsilon = epsilon
    self.decay = decay
  }
}

extension Kernels {
  /// Adadelta (Zeiler, 2012), as `torch.optim.Adadelta` defines it: `g += decay · w;
  /// s = ρ s + (1 − ρ) g²; d = √(u + ε) / √(s + ε) · g; u = ρ u + (1 − ρ) d²; w −= rate · d`.
  @inlinable @inline(__always)
  public static func adadeltaUpdate(
    _ p: WeightSlice, squares: Target, updates: Target, _ step: AdadeltaStep
  ) {
    let rest = Wide(repeating: step.rest)
    forEachWide(p.count) { i, valid in
      let weight = p.weights(i, valid)
      let g = multiplyAdd(Wide(repeating: step.decay), weight, p.gradient(i, valid))
      let square = multiplyAdd(rest, g * g, loadWide(Source(squares) + i, valid) * step.rho)
      storeWide(square, squares + i, valid)
      let before = loadWide(Source(updates) + i, valid)
      let d = squareRoot(before + step.epsilon) / squareRoot(square + step.epsilon) * g
      storeWide(multiplyAdd(rest, d * d, before * step.rho), updates + i, valid)
      storeWide(multiplyAdd(Wide(repeating: -step.rate), d, weight), p.weights + i, valid)
    }
  }
}
