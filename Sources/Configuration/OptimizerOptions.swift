/// The numbers of an optimizer, as far as somebody chose them.
public struct OptimizerOptions: Equatable, Sendable {
  public var learningRate: Double?
  public var momentum: Double?
  public var nesterov: Bool?
  public var rho: Double?
  public var beta1: Double?
  public var beta2: Double?
  public var epsilon: Double?
  public var weightDecay: Double?

  public init(
    learningRate: Double? = nil, momentum: Double? = nil, nesterov: Bool? = nil,
    rho: Double? = nil, beta1: Double? = nil, beta2: Double? = nil, epsilon: Double? = nil,
    weightDecay: Double? = nil
  ) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
    self.rho = rho
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }
}

extension OptimizerName {
  /// What the optimizer uses, with its defaults; what it does not use is `nil`.
  ///
  /// They are PyTorch's, but for the learning rates of `sgd` and `rmsprop`, which are Keras', and
  /// those of `muon`: the rate is its author's, and the decay is such that rate times decay is near
  /// PyTorch's.
  public var defaults: OptimizerOptions {
    switch self {
    case .sgd: .init(learningRate: 0.01, momentum: 0, nesterov: false, weightDecay: 0)
    case .rmsprop:
      .init(learningRate: 0.001, momentum: 0, rho: 0.99, epsilon: 1e-8, weightDecay: 0)
    case .adagrad: .init(learningRate: 0.01, epsilon: 1e-10, weightDecay: 0)
    case .adam:
      .init(learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0)
    case .adamw:
      .init(learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01)
    case .muon:
      .init(
        learningRate: 0.02, momentum: 0.95, nesterov: true, beta1: 0.9, beta2: 0.999,
        epsilon: 1e-8, weightDecay: 0.01)
    }
  }
}
