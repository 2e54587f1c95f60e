import Support
import Tensor

/// Adam and AdamW, as `torch.optim.Adam` and `torch.optim.AdamW`:
///
///     w −= rate · weightDecay · w        AdamW: the decay is decoupled from the moments
///     g += weightDecay · w               Adam
///     m = β₁ m + (1 − β₁) g
///     v = β₂ v + (1 − β₂) g²
///     w −= rate · m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε)
///
/// Kingma and Ba, "Adam: a method for stochastic optimization", 2015; Loshchilov and Hutter,
/// "Decoupled weight decay regularization", 2019. Weight decay applies to parameters that decay.
public final class Adam: Optimizer {
  public var stepCount = 0
  private let beta1: Double
  private let beta2: Double
  private let epsilon: Double
  private let weightDecay: Double
  private let decouplesDecay: Bool
  private let firstMoments: [Tensor]
  private let secondMoments: [Tensor]

  /// - Parameter decouplesDecay: AdamW rather than Adam.
  public init(
    _ parameters: [Parameter], beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double,
    decouplesDecay: Bool
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decouplesDecay = decouplesDecay
    firstMoments = parameters.map { Tensor(zeros: $0.value.shape) }
    secondMoments = parameters.map { Tensor(zeros: $0.value.shape) }
  }

  public func step(_ parameters: [Parameter], rate: Double, on device: Device) {
    stepCount += 1
    let (decaying, other) = (
      coefficients(rate: rate, decay: weightDecay), coefficients(rate: rate, decay: 0)
    )
    for (index, parameter) in parameters.enumerated() {
      device.adamUpdate(
        parameter.value, gradient: parameter.gradient, firstMoment: firstMoments[index],
        secondMoment: secondMoments[index], step: parameter.decays ? decaying : other)
    }
  }

  private func coefficients(rate: Double, decay: Double) -> AdamCoefficients {
    AdamCoefficients(
      step: stepCount, rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon,
      decay: decouplesDecay ? 0 : decay, decoupledDecay: decouplesDecay ? decay : 0)
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
  public static let adam = OptimizerDescriptor(
    "adam", "the mean of gradients over the root of that of squares",
    uses: [
      .init(.learningRate, 0.001), .init(.beta1, 0.9), .init(.beta2, 0.999), .init(.epsilon, 1e-8),
      .init(.weightDecay, 0),
    ], statePerWeight: 2
  ) { parameters, values in
    Adam(parameters, values, decouplesDecay: false)
  }

  public static let adamW = OptimizerDescriptor(
    "adamw", "adam whose weight decay is decoupled from its means",
    uses: [
      .init(.learningRate, 0.001), .init(.beta1, 0.9), .init(.beta2, 0.999), .init(.epsilon, 1e-8),
      .init(.weightDecay, 0.01, note: "decoupled"),
    ], statePerWeight: 2
  ) { parameters, values in
    Adam(parameters, values, decouplesDecay: true)
  }
}

extension Adam {
  fileprivate convenience init(
    _ parameters: [Parameter], _ values: ChoiceValues, decouplesDecay: Bool
  ) {
    self.init(
      parameters, beta1: values[.beta1], beta2: values[.beta2], epsilon: values[.epsilon],
      weightDecay: values[.weightDecay], decouplesDecay: decouplesDecay)
  }
}
