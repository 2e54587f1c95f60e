import Support
import Tensor

/// RMSprop, as `torch.optim.RMSprop`, not centered:
///
///     g += weightDecay · w
///     s = ρ s + (1 − ρ) g²
///     v = momentum · v + g / (√s + ε)
///     w −= rate · v
///
/// Tieleman and Hinton, "Lecture 6.5: rmsprop", Coursera, 2012. Weight decay applies to parameters
/// that decay.
public final class RMSprop: Optimizer {
  public var stepCount = 0
  private let rho: Double
  private let epsilon: Float
  private let momentum: Float
  private let weightDecay: Float
  private let squares: [Tensor]
  private let velocities: [Tensor]

  public init(
    _ parameters: [Parameter], rho: Double, epsilon: Double, momentum: Double, weightDecay: Double
  ) {
    self.rho = rho
    self.epsilon = Float(epsilon)
    self.momentum = Float(momentum)
    self.weightDecay = Float(weightDecay)
    squares = parameters.map { Tensor(zeros: $0.value.shape) }
    velocities = parameters.map { Tensor(zeros: $0.value.shape) }
  }

  public func step(_ parameters: [Parameter], rate: Double, on device: Device) {
    stepCount += 1
    for (index, parameter) in parameters.enumerated() {
      device.rmspropUpdate(
        parameter.value, gradient: parameter.gradient, squares: squares[index],
        velocity: velocities[index], rate: Float(rate), rho: rho, epsilon: epsilon,
        momentum: momentum, decay: parameter.decays ? weightDecay : 0)
    }
  }

  public func state(of parameters: [Parameter]) -> [StateTensor] {
    parameters.indices.flatMap { index in
      [
        StateTensor(name: "\(parameters[index].name).square_avg", value: squares[index]),
        StateTensor(name: "\(parameters[index].name).momentum_buffer", value: velocities[index]),
      ]
    }
  }
}

extension OptimizerDescriptor {
  /// The learning rate is Keras' default.
  public static let rmsprop = OptimizerDescriptor(
    "rmsprop", "the gradient over the root of its mean square",
    uses: [
      .init(.learningRate, 0.001), .init(.momentum, 0), .init(.rho, 0.99), .init(.epsilon, 1e-8),
      .init(.weightDecay, 0),
    ], statePerWeight: 2
  ) { parameters, values in
    RMSprop(
      parameters, rho: values[.rho], epsilon: values[.epsilon], momentum: values[.momentum],
      weightDecay: values[.weightDecay])
  }
}
