// One pass over a parameter, its gradient and the optimizer's state for each update rule.

/// Stochastic gradient descent with momentum, as `torch.optim.SGD` defines it:
/// `g += decay · w; v = momentum · v + g; w −= lr · (nesterov ? g + momentum · v : v)`.
@inlinable @inline(__always)
public func sgdUpdate<I: InstructionSet>(
  _: I.Type, _ w: Target, _ gradient: Source, _ velocity: Target, count: Int, rate: Float,
  momentum: Float, decay: Float, nesterov: Bool
) {
  let mu = Wide(repeating: momentum)
  forEachWide(count) { i, valid in
    let weight = loadWide(Source(w) + i, valid)
    let g = I.multiplyAdd(Wide(repeating: decay), weight, loadWide(gradient + i, valid))
    let v = I.multiplyAdd(mu, loadWide(Source(velocity) + i, valid), g)
    storeWide(v, velocity + i, valid)
    let step = nesterov ? I.multiplyAdd(mu, v, g) : v
    storeWide(I.multiplyAdd(Wide(repeating: -rate), step, weight), w + i, valid)
  }
}

/// What Adam needs to know of one step.
public struct AdamStep: Sendable {
  /// The learning rate, and what every weight is first multiplied with (1 without decay).
  public var rate: Float
  public var shrink: Float
  /// Decay that is added to the gradient instead (PyTorch's `Adam`, not `AdamW`).
  public var decay: Float
  public var beta2: Float
  /// `1 − β₁` and `1 − β₂`, rounded once: from a rounded 0.999 the difference is off by 1e-5.
  public var rest1: Float
  public var rest2: Float
  public var epsilon: Float
  /// `1 / (1 − β₁ᵗ)` and `1 / √(1 − β₂ᵗ)`.
  public var correction1: Float
  public var correction2: Float

  public init(
    rate: Float, shrink: Float, decay: Float, beta2: Float, rest1: Float, rest2: Float,
    epsilon: Float, correction1: Float, correction2: Float
  ) {
    self.rate = rate
    self.shrink = shrink
    self.decay = decay
    self.beta2 = beta2
    self.rest1 = rest1
    self.rest2 = rest2
    self.epsilon = epsilon
    self.correction1 = correction1
    self.correction2 = correction2
  }
}

/// Adam (Kingma and Ba, 2015), as `torch.optim.Adam` defines it:
/// `m += (1 − β₁)(g − m); v = β₂ v + (1 − β₂) g²; w −= lr · m̂ / (√v̂ + ε)`.
@inlinable @inline(__always)
public func adamUpdate<I: InstructionSet>(
  _: I.Type, _ w: Target, _ gradient: Source, _ m: Target, _ v: Target, count: Int, _ s: AdamStep
) {
  forEachWide(count) { i, valid in
    let weight = loadWide(Source(w) + i, valid) * s.shrink
    let g = I.multiplyAdd(Wide(repeating: s.decay), weight, loadWide(gradient + i, valid))
    let old = loadWide(Source(m) + i, valid)
    let first = I.multiplyAdd(Wide(repeating: s.rest1), g - old, old)
    let second = I.multiplyAdd(
      Wide(repeating: s.rest2), g * g, loadWide(Source(v) + i, valid) * s.beta2)
    storeWide(first, m + i, valid)
    storeWide(second, v + i, valid)
    let scale = second.squareRoot() * s.correction2 + s.epsilon
    let step = first * s.correction1 / scale
    storeWide(I.multiplyAdd(Wide(repeating: -s.rate), step, weight), w + i, valid)
  }
}

/// What RMSprop needs to know of one step.
public struct RMSpropStep: Sendable {
  public var rate: Float
  /// How much of the mean of squares is kept, and the rest to 1.
  public var rho: Float
  public var rest: Float
  public var epsilon: Float
  public var momentum: Float
  /// Decay that is added to the gradient.
  public var decay: Float

  public init(
    rate: Float, rho: Float, rest: Float, epsilon: Float, momentum: Float, decay: Float
  ) {
    self.rate = rate
    self.rho = rho
    self.rest = rest
    self.epsilon = epsilon
    self.momentum = momentum
    self.decay = decay
  }
}

/// RMSprop (Tieleman and Hinton, 2012), as `torch.optim.RMSprop` defines it, not centered:
/// `g += decay · w; s = ρ s + (1 − ρ) g²; v = momentum · v + g / (√s + ε); w −= rate · v`.
@inlinable @inline(__always)
public func rmspropUpdate<I: InstructionSet>(
  _: I.Type, _ w: Target, _ gradient: Source, _ squares: Target, _ velocity: Target, count: Int,
  _ step: RMSpropStep
) {
  forEachWide(count) { i, valid in
    let weight = loadWide(Source(w) + i, valid)
    let g = I.multiplyAdd(Wide(repeating: step.decay), weight, loadWide(gradient + i, valid))
    let mean = I.multiplyAdd(
      Wide(repeating: step.rest), g * g, loadWide(Source(squares) + i, valid) * step.rho)
    storeWide(mean, squares + i, valid)
    let v = I.multiplyAdd(
      Wide(repeating: step.momentum), loadWide(Source(velocity) + i, valid),
      g / (mean.squareRoot() + step.epsilon))
    storeWide(v, velocity + i, valid)
    storeWide(I.multiplyAdd(Wide(repeating: -step.rate), v, weight), w + i, valid)
  }
}

/// Adagrad (Duchi, Hazan and Singer, 2011), as `torch.optim.Adagrad` defines it:
/// `g += decay · w; s += g²; w −= rate · g / (√s + ε)`.
@inlinable @inline(__always)
public func adagradUpdate<I: InstructionSet>(
  _: I.Type, _ w: Target, _ gradient: Source, _ squares: Target, count: Int, rate: Float,
  epsilon: Float, decay: Float
) {
  forEachWide(count) { i, valid in
    let weight = loadWide(Source(w) + i, valid)
    let g = I.multiplyAdd(Wide(repeating: decay), weight, loadWide(gradient + i, valid))
    let sum = I.multiplyAdd(g, g, loadWide(Source(squares) + i, valid))
    storeWide(sum, squares + i, valid)
    let step = g / (sum.squareRoot() + epsilon)
    storeWide(I.multiplyAdd(Wide(repeating: -rate), step, weight), w + i, valid)
  }
}

/// The gradient of `l1 · Σ|w| + l2 · Σw²`: `gradient += l1 · sign(w) + 2 · l2 · w`.
@inlinable @inline(__always)
public func addPenaltyGradient<I: InstructionSet>(
  _: I.Type, _ w: Source, count: Int, l1: Float, l2: Float, _ gradient: Target
) {
  forEachWide(count) { i, valid in
    let weight = loadWide(w + i, valid)
    let slope = Wide().replacing(with: l1, where: weight .> 0)
      .replacing(with: -l1, where: weight .< 0)
    let g = loadWide(Source(gradient) + i, valid) + slope
    storeWide(I.multiplyAdd(Wide(repeating: 2 * l2), weight, g), gradient + i, valid)
  }
}
