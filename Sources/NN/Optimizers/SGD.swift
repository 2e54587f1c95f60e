import Support
import Tensor

/// Stochastic gradient descent with momentum, as `torch.optim.SGD`:
///
///     g += weightDecay · w
///     v = momentum · v + g
///     w −= rate · (nesterov ? g + momentum · v : v)
///
/// Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep
/// learning", 2013. Weight decay applies to parameters that decay.
public final class SGD: Optimizer {
  public var stepCount = 0
  private let momentum: Float
  private let weightDecay: Float
  private let nesterov: Bool
  private let velocities: [Tensor]

  public init(
    _ parameters: [Parameter], momentum: Double, weightDecay: Double, nesterov: Bool
  ) {
    self.momentum = Float(momentum)
    self.weightDecay = Float(weightDecay)
    self.nesterov = nesterov
    velocities = parameters.map { Tensor(zeros: $0.value.shape) }
  }

  public func step(_ parameters: [Parameter], rate: Double, on device: Device) {
    stepCount += 1
    for (index, parameter) in parameters.enumerated() {
      device.sgdUpdate(
        parameter.value, gradient: parameter.gradient, velocity: velocities[index],
        rate: Float(rate), momentum: momentum, decay: parameter.decays ? weightDecay : 0,
        nesterov: nesterov)
    }
  }

  public func state(of parameters: [Parameter]) -> [StateTensor] {
    zip(parameters, velocities).map { StateTensor(name: "\($0.name).velocity", value: $1) }
  }
}

extension OptimizerDescriptor {
  /// The learning rate is Keras' default; PyTorch has none.
  public static let sgd = OptimizerDescriptor(
    "sgd", "stochastic gradient descent, with momentum if wanted",
    uses: [
      .init(.learningRate, 0.01), .init(.momentum, 0), .init(.nesterov, false),
      .init(.weightDecay, 0),
    ], statePerWeight: 1
  ) { parameters, values in
    SGD(
      parameters, momentum: values[.momentum], weightDecay: values[.weightDecay],
      nesterov: values[.nesterov])
  }
}
