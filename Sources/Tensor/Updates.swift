import KernelBodies

extension Device {
  /// One step of stochastic gradient descent on a parameter; see `sgdUpdate` of the kernels.
  public func sgdUpdate(
    _ w: Tensor, gradient: Tensor, velocity: Tensor, rate: Float, momentum: Float, decay: Float,
    nesterov: Bool
  ) {
    precondition(w.count == gradient.count && w.count == velocity.count, "sgdUpdate: \(w.shape)")
    parallelRanges(w.count, grain: Self.elementGrain) { range in
      let i = range.lowerBound
      kernels.sgdUpdate(
        w.pointer + i, gradient.pointer + i, velocity.pointer + i, range.count, rate, momentum,
        decay, nesterov)
    }
  }

  /// One step of Adam on a parameter; see `adamUpdate` of the kernels.
  public func adamUpdate(
    _ w: Tensor, gradient: Tensor, firstMoment: Tensor, secondMoment: Tensor,
    step: AdamCoefficients
  ) {
    precondition(w.count == gradient.count && w.count == firstMoment.count, "adam: \(w.shape)")
    precondition(w.count == secondMoment.count, "adam: \(w.shape)")
    parallelRanges(w.count, grain: Self.elementGrain) { range in
      let i = range.lowerBound
      kernels.adamUpdate(
        w.pointer + i, gradient.pointer + i, firstMoment.pointer + i, secondMoment.pointer + i,
        range.count, step.kernel)
    }
  }
}

extension Device {
  /// One step of RMSprop on a parameter; see `rmspropUpdate` of the kernels.
  public func rmspropUpdate(
    _ w: Tensor, gradient: Tensor, squares: Tensor, velocity: Tensor, rate: Float, rho: Double,
    epsilon: Float, momentum: Float, decay: Float
  ) {
    precondition(w.count == gradient.count && w.count == squares.count, "rmsprop: \(w.shape)")
    precondition(w.count == velocity.count, "rmsprop: \(w.shape)")
    let step = RMSpropStep(
      rate: rate, rho: Float(rho), rest: Float(1 - rho), epsilon: epsilon, momentum: momentum,
      decay: decay)
    parallelRanges(w.count, grain: Self.elementGrain) { range in
      let i = range.lowerBound
      kernels.rmspropUpdate(
        w.pointer + i, gradient.pointer + i, squares.pointer + i, velocity.pointer + i,
        range.count, step)
    }
  }

  /// One step of Adagrad on a parameter; see `adagradUpdate` of the kernels.
  public func adagradUpdate(
    _ w: Tensor, gradient: Tensor, squares: Tensor, rate: Float, epsilon: Float, decay: Float
  ) {
    precondition(w.count == gradient.count && w.count == squares.count, "adagrad: \(w.shape)")
    parallelRanges(w.count, grain: Self.elementGrain) { range in
      let i = range.lowerBound
      kernels.adagradUpdate(
        w.pointer + i, gradient.pointer + i, squares.pointer + i, range.count, rate, epsilon,
        decay)
    }
  }

  /// Adds the gradient of `l1 · Σ|w| + l2 · Σw²` to a parameter's gradient.
  public func addPenaltyGradient(_ w: Tensor, l1: Float, l2: Float, to gradient: Tensor) {
    precondition(w.count == gradient.count, "addPenaltyGradient: \(w.shape)")
    parallelRanges(w.count, grain: Self.elementGrain) { range in
      let i = range.lowerBound
      kernels.addPenaltyGradient(w.pointer + i, range.count, l1, l2, gradient.pointer + i)
    }
  }
}

/// What Adam needs to know of one step (Kingma and Ba, 2015).
public struct AdamCoefficients: Sendable {
  let kernel: AdamStep

  /// - Parameters:
  ///   - step: the number of the update, from 1.
  ///   - rate: the learning rate.
  ///   - decay: L2 decay, added to the gradient.
  ///   - decoupledDecay: decay of the weights themselves (Loshchilov and Hutter, 2019).
  public init(
    step: Int, rate: Double, beta1: Double, beta2: Double, epsilon: Double, decay: Double,
    decoupledDecay: Double
  ) {
    kernel = AdamStep(
      rate: Float(rate), shrink: Float(1 - rate * decoupledDecay), decay: Float(decay),
      beta2: Float(beta2), rest1: Float(1 - beta1), rest2: Float(1 - beta2),
      epsilon: Float(epsilon),
      correction1: Float(1 / (1 - power(beta1, step))),
      correction2: Float(1 / (1 - power(beta2, step)).squareRoot()))
  }
}

private func power(_ base: Double, _ exponent: Int) -> Double {
  var (result, square, rest) = (1.0, base, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result *= square }
    square *= square
    rest >>= 1
  }
  return result
}
