import Support
import Tensor

/// Adadelta, as `torch.optim.Adadelta`:
///
///     g += weightDecay · w
///     s = ρ s + (1 − ρ) g²
///     d = √(u + ε) / √(s + ε) · g
///     u = ρ u + (1 − ρ) d²
///     w −= rate · d
///
/// Zeiler, "ADADELTA: an adaptive learning rate method", 2012. Weight decay applies to parameters
/// that decay.
public final class Adadelta: Optimizer {
  public var stepCount = 0
  private let rho: Double
  private let epsilon: Double
  private let weightDecay: Double
  private let squares: [Tensor]
  private let updates: [Tensor]

  public init(_ parameters: [Parameter], rho: Double, epsilon: Double, weightDecay: Double) {
    self.rho = rho
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    squares = parameters.map { Tensor(zeros: $0.value.shape) }
    updates = parameters.map { Tensor(zeros: $0.value.shape) }
  }

  public func step(_ parameters: [Parameter], rate: Double, on device: Device) {
    stepCount += 1
    for (index, parameter) in parameters.enumerated() {
      device.adadeltaUpdate(
        parameter.value, gradient: parameter.gradient, squares: squares[index],
        updates: updates[index], rate: rate, rho: rho, epsilon: epsilon,
        decay: parameter.decays ? weightDecay : 0)
    }
  }

  public func state(of parameters: [Parameter]) -> [StateTensor] {
    parameters.indices.flatMap { index in
      [
        StateTensor(name: "\(parameters[index].name).square_avg", value: squares[index]),
        StateTensor(name: "\(parameters[index].name).acc_delta", value: updates[index]),
      ]
    }
  }
}

extension OptimizerDescriptor {
  public static let adadelta = OptimizerDescriptor(
    "adadelta", "the gradient, scaled so that steps have the size of those before",
    uses: [
      .init(.learningRate, 1), .init(.rho, 0.9), .init(.epsilon, 1e-6), .init(.weightDecay, 0),
    ], statePerWeight: 2
  ) { parameters, values in
    Adadelta(
      parameters, rho: values[.rho], epsilon: values[.epsilon],
      weightDecay: values[.weightDecay])
  }
}
