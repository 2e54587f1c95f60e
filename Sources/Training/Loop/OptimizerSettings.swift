import Configuration
import NN

/// An optimizer with all its numbers; what it does not use is neutral.
public struct OptimizerSettings: Equatable, Sendable {
  public var name: OptimizerName
  public var learningRate: Double
  public var momentum: Double
  public var nesterov: Bool
  public var rho: Double
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  public var weightDecay: Double

  /// What a configuration chose, and the optimizer's defaults for the rest.
  init(_ configuration: TrainingConfiguration) {
    name = configuration.optimizerOrDefault
    let options = OptionFamily.optimizer.filled(configuration).optimizerOptions
    learningRate = options.learningRate ?? 0
    momentum = options.momentum ?? 0
    nesterov = options.nesterov ?? false
    rho = options.rho ?? 0
    beta1 = options.beta1 ?? 0
    beta2 = options.beta2 ?? 0
    epsilon = options.epsilon ?? 0
    weightDecay = options.weightDecay ?? 0
  }

  public func makeOptimizer(for parameters: [Parameter]) -> any Optimizer {
    switch name {
    case .sgd:
      SGD(parameters, momentum: momentum, weightDecay: weightDecay, nesterov: nesterov)
    case .rmsprop:
      RMSprop(
        parameters, rho: rho, epsilon: epsilon, momentum: momentum, weightDecay: weightDecay)
    case .adagrad: Adagrad(parameters, epsilon: epsilon, weightDecay: weightDecay)
    case .adam, .adamw:
      Adam(
        parameters, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
        decouplesDecay: name == .adamw)
    case .muon:
      Muon(
        parameters, momentum: momentum, nesterov: nesterov, beta1: beta1, beta2: beta2,
        epsilon: epsilon, weightDecay: weightDecay)
    }
  }
}
