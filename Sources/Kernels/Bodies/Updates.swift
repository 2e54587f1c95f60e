// One pass over a parameter, its gradient and the optimizer's state for each update rule.

/// A part of a parameter. The optimizer's state has as many floats.
public struct WeightSlice {
  public var weights: Target
  public var gradient: Target
  public var count: Int

  @inlinable
  public init(weights: Target, gradient: Target, count: Int) {
    self.weights = weights
    self.gradient = gradient
    self.count = count
  }

  @inlinable @inline(__always)
  func weights(_ i: Int, _ valid: Int) -> Wide { loadWide(Source(weights) + i, valid) }

  @inlinable @inline(__always)
  func gradient(_ i: Int, _ valid: Int) -> Wide { loadWide(Source(gradient) + i, valid) }
}

/// What stochastic gradient descent needs to know of one step.
public struct SGDStep: Sendable {
  public var rate: Float
  public var momentum: Float
  /// Decay that is added to the gradient.
  public var decay: Float
  public var nesterov: Bool

  public init(rate: Float, momentum: Float, decay: Float, nesterov: Bool) {
    self.rate = rate
    self.momentum = momentum
    self.decay = decay
    self.nesterov = nesterov
  }
}

/// What Adagrad needs to know of one step.
public struct AdagradStep: Sendable {
  public var rate: Float
  public var epsilon: Float
  /// Decay that is added to the gradient.
  public var decay: Float

  public init(rate: Float, epsilon: Float, decay: Float) {
    self.rate = rate
    self.epsilon = epsilon
    self.decay = decay
  }
}

extension Kernels {
  /// Stochastic gradient descent with momentum, as `torch.optim.SGD` defines it:
  /// `g += decay · w; v = momentum · v + g; w −= lr · (nesterov ? g + momentum · v : v)`.
  @inlinable @inline(__always)
  public static func sgdUpdate(_ p: WeightSlice, velocity: Target, _ step: SGDStep) {
    let mu = Wide(repeating: step.momentum)
    forEachWide(p.count) { i, valid in
      let weight = p.weights(i, valid)
      let g = multiplyAdd(Wide(repeating: step.decay), weight, p.gradient(i, valid))
      let v = multiplyAdd(mu, loadWide(Source(velocity) + i, valid), g)
      storeWide(v, velocity + i, valid)
      let direction = step.nesterov ? multiplyAdd(mu, v, g) : v
      storeWide(multiplyAdd(Wide(repeating: -step.rate), direction, weight), p.weights + i, valid)
    }
  }
}

/// The means that Adam and its relatives keep of gradients and of their squares, in one step.
public struct AdamMoments: Sendable {
  public var beta2: Float
  /// `1 − β₁` and `1 − β₂`, rounded once: from a rounded 0.999 the difference is off by 1e-5.
  public var rest1: Float
  public var rest2: Float
  public var epsilon: Float
  /// `1 / √(1 − β₂ᵗ)`.
  public var correction2: Float

  public init(beta2: Float, rest1: Float, rest2: Float, epsilon: Float, correction2: Float) {
    self.beta2 = beta2
    self.rest1 = rest1
    self.rest2 = rest2
    self.epsilon = epsilon
    self.correction2 = correction2
  }
}

/// What Adam needs to know of one step.
public struct AdamStep: Sendable {
  /// The learning rate, and what every weight is first multiplied with (1 without decay).
  public var rate: Float
  public var shrink: Float
  /// Decay that is added to the gradient instead (PyTorch's `Adam`, not `AdamW`).
  public var decay: Float
  public var moments: AdamMoments
  /// `1 / (1 − β₁ᵗ)`.
  public var correction1: Float

  public init(
    rate: Float, shrink: Float, decay: Float, moments: AdamMoments, correction1: Float
  ) {
    self.rate = rate
    self.shrink = shrink
    self.decay = decay
    self.moments = moments
    self.correction1 = correction1
  }
}

extension Kernels {
  /// `m += (1 − β₁)(g − m); v = β₂ v + (1 − β₂) g²`.
  ///
  /// - Returns: `m`, and `√v̂ + ε`, by which the step is divided.
  @inlinable @inline(__always)
  static func updateMoments(
    _ g: Wide, m: Target, v: Target, _ valid: Int, _ s: AdamMoments
  ) -> (mean: Wide, scale: Wide) {
    let old = loadWide(Source(m), valid)
    let first = multiplyAdd(Wide(repeating: s.rest1), g - old, old)
    let second = multiplyAdd(Wide(repeating: s.rest2), g * g, loadWide(Source(v), valid) * s.beta2)
    storeWide(first, m, valid)
    storeWide(second, v, valid)
    return (first, squareRoot(second) * s.correction2 + s.epsilon)
  }

  /// Adam (Kingma and Ba, 2015), as `torch.optim.Adam` defines it: `w −= lr · m̂ / (√v̂ + ε)`.
  @inlinable @inline(__always)
  public static func adamUpdate(_ p: WeightSlice, m: Target, v: Target, _ s: AdamStep) {
    forEachWide(p.count) { i, valid in
      let weight = p.weights(i, valid) * s.shrink
      let g = multiplyAdd(Wide(repeating: s.decay), weight, p.gradient(i, valid))
      let (mean, scale) = updateMoments(g, m: m + i, v: v + i, valid, s.moments)
      let step = mean * s.correction1 / scale
      storeWide(multiplyAdd(Wide(repeating: -s.rate), step, weight), p.weights + i, valid)
    }
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

extension Kernels {
  /// RMSprop (Tieleman and Hinton, 2012), as `torch.optim.RMSprop` defines it, not centered:
  /// `g += decay · w; s = ρ s + (1 − ρ) g²; v = momentum · v + g / (√s + ε); w −= rate · v`.
  @inlinable @inline(__always)
  public static func rmspropUpdate(
    _ p: WeightSlice, squares: Target, velocity: Target, _ step: RMSpropStep
  ) {
    forEachWide(p.count) { i, valid in
      let weight = p.weights(i, valid)
      let g = multiplyAdd(Wide(repeating: step.decay), weight, p.gradient(i, valid))
      let mean = multiplyAdd(
        Wide(repeating: step.rest), g * g, loadWide(Source(squares) + i, valid) * step.rho)
      storeWide(mean, squares + i, valid)
      let v = multiplyAdd(
        Wide(repeating: step.momentum), loadWide(Source(velocity) + i, valid),
        g / (squareRoot(mean) + step.epsilon))
      storeWide(v, velocity + i, valid)
      storeWide(multiplyAdd(Wide(repeating: -step.rate), v, weight), p.weights + i, valid)
    }
  }

  /// Adagrad (Duchi, Hazan and Singer, 2011), as `torch.optim.Adagrad` defines it:
  /// `g += decay · w; s += g²; w −= rate · g / (√s + ε)`.
  @inlinable @inline(__always)
  public static func adagradUpdate(_ p: WeightSlice, squares: Target, _ step: AdagradStep) {
    forEachWide(p.count) { i, valid in
      let weight = p.weights(i, valid)
      let g = multiplyAdd(Wide(repeating: step.decay), weight, p.gradient(i, valid))
      let sum = multiplyAdd(g, g, loadWide(Source(squares) + i, valid))
      storeWide(sum, squares + i, valid)
      let direction = g / (squareRoot(sum) + step.epsilon)
      storeWide(multiplyAdd(Wide(repeating: -step.rate), direction, weight), p.weights + i, valid)
    }
  }

  /// The gradient of `l1 · Σ|w| + l2 · Σw²`: `gradient += l1 · sign(w) + 2 · l2 · w`.
  @inlinable @inline(__always)
  public static func addPenaltyGradient(_ p: WeightSlice, l1: Float, l2: Float) {
    forEachWide(p.count) { i, valid in
      let weight = p.weights(i, valid)
      let slope = Wide().replacing(with: l1, where: weight .> 0)
        .replacing(with: -l1, where: weight .< 0)
      let g = p.gradient(i, valid) + slope
      storeWide(multiplyAdd(Wide(repeating: 2 * l2), weight, g), p.gradient + i, valid)
    }
  }
}
