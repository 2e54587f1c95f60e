import Support
import Tensor

/// NAdam, Adam with Nesterov's momentum, as `torch.optim.NAdam` with the decay not decoupled:
///
///     μ(t) = β₁ (1 − 0.96^(t · ψ) / 2)
///     g += weightDecay · w
///     m = β₁ m + (1 − β₁) g
///     v = β₂ v + (1 − β₂) g²
///     w −= rate · (μ(t + 1) m / (1 − Π μ(1…t + 1)) + (1 − μ(t)) g / (1 − Π μ(1…t)))
///            / (√(v / (1 − β₂ᵗ)) + ε)
///
/// Dozat, "Incorporating Nesterov momentum into Adam", 2016. Weight decay applies to parameters that
/// decay.
public final class NAdam: Optimizer {
  public var stepCount = 0
  private let beta1: Double
  private let beta2: Double
  private let epsilon: Double
  private let momentumDecay: Double
  private let weightDecay: Double
  private let firstMoments: [Tensor]
  private let secondMoments: [Tensor]
  /// The product of the momenta of the first so many steps. It follows from ``stepCount``.
  private var product = (value: 1.0, steps: 0)

  public init(
    _ parameters: [Parameter], beta1: Double, beta2: Double, epsilon: Double,
    momentumDecay: Double, weightDecay: Double
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.momentumDecay = momentumDecay
    self.weightDecay = weightDecay
    firstMoments = parameters.map { Tensor(zeros: $0.value.shape) }
    secondMoments = parameters.map { Tensor(zeros: $0.value.shape) }
  }

  public func step(_ parameters: [Parameter], rate: Double, on device: Device) {
    stepCount += 1
    let product = momentumProduct(of: stepCount)
    let (now, next) = (momentum(at: stepCount), momentum(at: stepCount + 1))
    for (index, parameter) in parameters.enumerated() {
      let coefficients = NAdamCoefficients(
        step: stepCount, beta1: beta1, beta2: beta2, epsilon: epsilon,
        gradientRate: rate * (1 - now) / (1 - product),
        momentRate: rate * next / (1 - product * next),
        decay: parameter.decays ? weightDecay : 0)
      device.nadamUpdate(
        parameter.value, gradient: parameter.gradient, firstMoment: firstMoments[index],
        secondMoment: secondMoments[index], step: coefficients)
    }
  }

  private func momentum(at step: Int) -> Double {
    beta1 * (1 - 0.5 * power(0.96, Double(step) * momentumDecay))
  }

  /// Of the first `steps` steps; counted anew if the optimizer was set back.
  private func momentumProduct(of steps: Int) -> Double {
    if steps < product.steps { product = (1, 0) }
    while product.steps < steps {
      product.steps += 1
      product.value *= momentum(at: product.steps)
    }
    return product.value
  }

  public func state(of parameters: [Parameter]) -> [StateTensor] {
    parameters.indices.flatMap { index in
      [
        StateTensor(name: "\(parameters[index].name).exp_avg", value: firstMoments[index]),
        StateTensor(name: "\(parameters[index].name).exp_avg_sq", value: secondMoments[index]),
      ]
    }
  }
}

extension OptimizerDescriptor {
  public static let nadam = OptimizerDescriptor(
    "nadam", "adam with Nesterov's momentum",
    uses: [
      .init(.learningRate, 0.002), .init(.beta1, 0.9), .init(.beta2, 0.999),
      .init(.momentumDecay, 0.004), .init(.epsilon, 1e-8), .init(.weightDecay, 0),
    ], statePerWeight: 2
  ) { parameters, values in
    NAdam(
      parameters, beta1: values[.beta1], beta2: values[.beta2], epsilon: values[.epsilon],
      momentumDecay: values[.momentumDecay], weightDecay: values[.weightDecay])
  }
}

extension Setting<Double> {
  fileprivate static var momentumDecay: Self {
    Self(
      "momentum_decay", .number(in: 0...1), "X",
      help: "how soon the momentum rises from half of beta1 to beta1")
  }
}
