import Support
import Tensor

/// Adagrad, as `torch.optim.Adagrad` without a decay of its own of the learning rate:
///
///     g += weightDecay · w
///     s += g²
///     w −= rate · g / (√s + ε)
///
/// Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic
/// optimization", 2011. Weight decay applies to parameters that decay.
public final class Adagrad: Optimizer {
  public var stepCount = 0
  private let epsilon: Float
  private let weightDecay: Float
  private let squares: [Tensor]

  public init(_ parameters: [Parameter], epsilon: Double, weightDecay: Double) {
    self.epsilon = Float(epsilon)
    self.weightDecay = Float(weightDecay)
    squares = parameters.map { Tensor(zeros: $0.value.shape) }
  }

  public func step(_ parameters: [Parameter], rate: Double, on device: Device) {
    stepCount += 1
    for (index, parameter) in parameters.enumerated() {
      device.adagradUpdate(
        parameter.value, gradient: parameter.gradient, squares: squares[index], rate: Float(rate),
        epsilon: epsilon, decay: parameter.decays ? weightDecay : 0)
    }
  }

  public func state(of parameters: [Parameter]) -> [StateTensor] {
    zip(parameters, squares).map { StateTensor(name: "\($0.name).sum", value: $1) }
  }
}

extension OptimizerDescriptor {
  public static let adagrad = OptimizerDescriptor(
    "adagrad", "the gradient over the root of the sum of its squares",
    uses: [.init(.learningRate, 0.01), .init(.epsilon, 1e-10), .init(.weightDecay, 0)],
    statePerWeight: 1
  ) { parameters, values in
    Adagrad(parameters, epsilon: values[.epsilon], weightDecay: values[.weightDecay])
  }
}
