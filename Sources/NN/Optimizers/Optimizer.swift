import Support
import Tensor

/// Changes parameters after their gradients. What it remembers is indexed like the parameters.
public protocol Optimizer: AnyObject {
  /// One update of every parameter.
  ///
  /// - Parameter rate: the learning rate.
  func step(_ parameters: [Parameter], rate: Double, on device: Device)

  /// What a bit-exact resume needs, by name: `fc1.weight.velocity`.
  func state(of parameters: [Parameter]) -> [StateTensor]

  /// The updates made so far.
  var stepCount: Int { get set }
}

/// An optimizer as a person chooses it. Adding one is a file with its type and an extension of this,
/// a kernel if its rule needs one, and an entry in ``all``.
///
/// Defaults are PyTorch's unless the optimizer's own file says otherwise.
public struct OptimizerDescriptor: Choice {
  public let name: String
  public let abstract: String
  public let uses: [SettingUse]
  /// The most floats that it remembers for each weight.
  public let statePerWeight: Int
  private let make: @Sendable ([Parameter], ChoiceValues) -> any Optimizer

  public static let all: [OptimizerDescriptor] = [
    .sgd, .rmsprop, .adagrad, .adadelta, .adam, .adamW, .nadam, .muon, .lion,
  ]

  init(
    _ name: String, _ abstract: String, uses: [SettingUse], statePerWeight: Int,
    make: @escaping @Sendable ([Parameter], ChoiceValues) -> any Optimizer
  ) {
    self.name = name
    self.abstract = abstract
    self.uses = uses
    self.statePerWeight = statePerWeight
    self.make = make
  }

  /// The optimizer with the given numbers, and its defaults for the rest.
  public func makeOptimizer(
    for parameters: [Parameter], _ given: Settings = Settings()
  ) -> any Optimizer {
    make(parameters, values(given))
  }
}

// The numbers that several optimizers use.
extension Setting<Double> {
  public static var learningRate: Self {
    Self("lr", .number(above: 0), "X", help: "learning rate, at its highest")
  }
  public static var momentum: Self {
    Self("momentum", .number(in: 0..<1), "X", help: "share of the last step in the next")
  }
  static var rho: Self {
    Self("rho", .number(in: 0..<1), "X", help: "share of the old in the mean of squares")
  }
  static var beta1: Self {
    Self("beta1", .number(in: 0..<1), "X", help: "share of the old in the mean of gradients")
  }
  static var beta2: Self {
    Self("beta2", .number(in: 0..<1), "X", help: "share of the old in the mean of squares")
  }
  static var epsilon: Self {
    Self("epsilon", .number(above: 0), "X", help: "what keeps divisors from zero")
  }
  static var weightDecay: Self {
    Self(
      "weight_decay", .number(atLeast: 0), "X",
      help: "decay of weights, not of biases, added to the gradient unless noted")
  }
}

extension Setting<Bool> {
  public static var nesterov: Self {
    Self("nesterov", .truth, help: "Nesterov's form of momentum")
  }
}
