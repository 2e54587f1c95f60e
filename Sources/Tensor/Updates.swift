import KernelBodies

extension Device {
  /// One step of stochastic gradient descent on a parameter; see `sgdUpdate` of the kernels.
  public func sgdUpdate(
    _ w: Tensor, gradient: Tensor, velocity: Tensor, rate: Float, momentum: Float, decay: Float,
    nesterov: Bool
  ) {
    precondition(w.count == gradient.count && w.count == velocity.count, "sgdUpdate: \(w.shape)")
    let step = SGDStep(rate: rate, momentum: momentum, decay: decay, nesterov: nesterov)
    parallelRanges(w.count, grain: Self.elementGrain) { range in
      let i = range.lowerBound
      kernels.sgdUpdate(
        WeightSlice(w, gradient, range), velocity: velocity.pointer + i, step)
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
        WeightSlice(w, gradient, range), m: firstMoment.pointer + i,
        v: secondMoment.pointer + i, step.kernel)
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
        WeightSlice(w, gradient, range), squares: squares.pointer + i,
        velocity: velocity.pointer + i, step)
    }
  }

  /// One step of Adagrad on a parameter; see `adagradUpdate` of the kernels.
  public func adagradUpdate(
    _ w: Tensor, gradient: Tensor, squares: Tensor, rate: Float, epsilon: Float, decay: Float
  ) {
    precondition(w.count == gradient.count && w.count == squares.count, "adagrad: \(w.shape)")
    let step = AdagradStep(rate: rate, epsilon: epsilon, decay: decay)
    parallelRanges(w.count, grain: Self.elementGrain) { range in
      kernels.adagradUpdate(
        WeightSlice(w, gradient, range), squares: squares.pointer + range.lowerBound, step)
    }
  }

  /// One step of NAdam on a parameter; see `nadamUpdate` of the kernels.
  public func nadamUpdate(
    _ w: Tensor, gradient: Tensor, firstMoment: Tensor, secondMoment: Tensor,
    step: NAdamCoefficients
  ) {
    precondition(w.count == gradient.count && w.count == firstMoment.count, "nadam: \(w.shape)")
    precondition(w.count == secondMoment.count, "nadam: \(w.shape)")
    parallelRanges(w.count, grain: Self.elementGrain) { range in
      let i = range.lowerBound
      kernels.nadamUpdate(
        WeightSlice(w, gradient, range), m: firstMoment.pointer + i,
        v: secondMoment.pointer + i, step.kernel)
    }
  }

  /// One step of Adadelta on a parameter; see `adadeltaUpdate` of the kernels.
  public func adadeltaUpdate(
    _ w: Tensor, gradient: Tensor, squares: Tensor, updates: Tensor, rate: Double, rho: Double,
    epsilon: Double, decay: Double
  ) {
    precondition(w.count == gradient.count && w.count == squares.count, "adadelta: \(w.shape)")
    precondition(w.count == updates.count, "adadelta: \(w.shape)")
    let step = AdadeltaStep(
      rate: Float(rate), rho: Float(rho), rest: Float(1 - rho), epsilon: Float(epsilon),
      decay: Float(decay))
    parallelRanges(w.count, grain: Self.elementGrain) { range in
      let i = range.lowerBound
      kernels.adadeltaUpdate(
        WeightSlice(w, gradient, range), squares: squares.pointer + i,
        updates: updates.pointer + i, step)
    }
  }

  /// One step of Lion on a parameter, whose decay is decoupled; see `lionUpdate` of the kernels.
  public func lionUpdate(
    _ w: Tensor, gradient: Tensor, moment: Tensor, rate: Double, beta1: Double, beta2: Double,
    decay: Double
  ) {
    precondition(w.count == gradient.count && w.count == moment.count, "lion: \(w.shape)")
    let step = LionStep(
      rate: Float(rate), shrink: Float(1 - rate * decay), rest1: Float(1 - beta1),
      rest2: Float(1 - beta2))
    parallelRanges(w.count, grain: Self.elementGrain) { range in
      kernels.lionUpdate(
        WeightSlice(w, gradient, range), moment: moment.pointer + range.lowerBound, step)
    }
  }

  /// Adds the gradient of `l1 · Σ|w| + l2 · Σw²` to a parameter's gradient.
  public func addPenaltyGradient(_ w: Tensor, l1: Float, l2: Float, to gradient: Tensor) {
    precondition(w.count == gradient.count, "addPenaltyGradient: \(w.shape)")
    parallelRanges(w.count, grain: Self.elementGrain) { range in
      kernels.addPenaltyGradient(WeightSlice(w, gradient, range), l1: l1, l2: l2)
    }
  }
}

extension WeightSlice {
  fileprivate init(_ w: Tensor, _ gradient: Tensor, _ range: Range<Int>) {
    self.init(
      weights: w.pointer + range.lowerBound, gradient: gradient.pointer + range.lowerBound,
      count: range.count)
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
      moments: AdamMoments(step: step, beta1: beta1, beta2: beta2, epsilon: epsilon),
      correction1: Float(1 / (1 - power(beta1, step))))
  }
}

/// What NAdam needs to know of one step (Dozat, 2016).
public struct NAdamCoefficients: Sendable {
  let kernel: NAdamStep

  /// - Parameters:
  ///   - step: the number of the update, from 1.
  ///   - gradientRate: the learning rate of the gradient itself.
  ///   - momentRate: that of the mean of gradients.
  ///   - decay: L2 decay, added to the gradient.
  public init(
    step: Int, beta1: Double, beta2: Double, epsilon: Double, gradientRate: Double,
    momentRate: Double, decay: Double
  ) {
    kernel = NAdamStep(
      gradientRate: Float(gradientRate), momentRate: Float(momentRate), decay: Float(decay),
      moments: AdamMoments(step: step, beta1: beta1, beta2: beta2, epsilon: epsilon))
  }
}

extension AdamMoments {
  fileprivate init(step: Int, beta1: Double, beta2: Double, epsilon: Double) {
    self.init(
      beta2: Float(beta2), rest1: Float(1 - beta1), rest2: Float(1 - beta2),
      epsilon: Float(epsilon), correction2: Float(1 / (1 - power(beta2, step)).squareRoot()))
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
