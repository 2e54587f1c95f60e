import Support
import Tensor

/// Lion, as `keras.optimizers.Lion`: every weight moves by the rate, and only the sign is learned.
///
///     w −= rate · weightDecay · w
///     w −= rate · sign(β₁ m + (1 − β₁) g)
///     m = β₂ m + (1 − β₂) g
///
/// Chen and others, "Symbolic discovery of optimization algorithms", 2023. Weight decay is decoupled
/// and applies to parameters that decay.
public final class Lion: Optimizer {
  public var stepCount = 0
  private let beta1: Double
  private let beta2: Double
  private let weightDecay: Double
  private let moments: [Tensor]

  public init(_ parameters: [Parameter], beta1: Double, beta2: Double, weightDecay: Double) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.weightDecay = weightDecay
    moments = parameters.map { Tensor(zeros: $0.value.shape) }
  }

  public func step(_ parameters: [Parameter], rate: Double, on device: Device) {
    stepCount += 1
    for (index, parameter) in parameters.enumerated() {
      device.lionUpdate(
        parameter.value, gradient: parameter.gradient, moment: moments[index], rate: rate,
        beta1: beta1, beta2: beta2, decay: parameter.decays ? weightDecay : 0)
    }
  }

  public func state(of parameters: [Parameter]) -> [StateTensor] {
    zip(parameters, moments).map { StateTensor(name: "\($0.name).momentum", value: $1) }
  }
}

extension OptimizerDescriptor {
  /// The betas are Keras' defaults.
  public static let lion = OptimizerDescriptor(
    "lion", "steps of one size along the sign of the momentum",
    uses: [
      .init(.learningRate, 0.0003), .init(.beta1, 0.9), .init(.beta2, 0.99),
      .init(.weightDecay, 0, note: "decoupled"),
    ], statePerWeight: 1
  ) { parameters, values in
    Lion(
      parameters, beta1: values[.beta1], beta2: values[.beta2],
      weightDecay: values[.weightDecay])
  }
}
