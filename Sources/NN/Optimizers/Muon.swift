import Tensor

/// Muon for the weight matrices of hidden layers, AdamW for everything else.
///
/// A matrix follows its momentum with all singular values made about equal, so that no direction
/// of the layer's inputs is learned much slower than another:
///
///     b = momentum · b + (1 − momentum) g
///     u = nesterov ? momentum · b + (1 − momentum) g : b
///     w −= rate · weightDecay · w
///     w −= rate · √max(1, outputs / inputs) · orthogonalized(u)
///
/// Jordan and others, "Muon: an optimizer for hidden layers in neural networks", 2024, as
/// `torch.optim.Muon` with `adjust_lr_fn="original"`, in single precision throughout. A
/// convolution's kernels are the matrix `[kernel · kernel · inputs, outputs]`.
///
/// As its authors advise, biases, scales of a normalization, and the first and the last weights of
/// the network stay with AdamW. AdamW's rate is a twentieth of Muon's: its own default of 0.001
/// where Muon's is the default of 0.02.
public final class Muon: Optimizer {
  public var stepCount = 0 { didSet { adamW.stepCount = stepCount } }
  private let momentum: Float
  private let weightDecay: Double
  private let nesterov: Bool
  private let hidden: [Parameter]
  private let others: [Parameter]
  private let momenta: [Tensor]
  private let adamW: Adam
  private let orthogonalizer: Orthogonalizer
  private static let rateOfOthers = 0.05

  public init(
    _ parameters: [Parameter], momentum: Double = 0.95, nesterov: Bool = true, beta1: Double = 0.9,
    beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01
  ) {
    self.momentum = Float(momentum)
    self.nesterov = nesterov
    self.weightDecay = weightDecay
    let chosen = Self.isHidden(parameters)
    hidden = zip(parameters, chosen).filter(\.1).map(\.0)
    others = zip(parameters, chosen).filter { !$0.1 }.map(\.0)
    momenta = hidden.map { Tensor(zeros: $0.value.shape) }
    orthogonalizer = Orthogonalizer(hidden.map(\.value.shape))
    adamW = Adam(
      others, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
      decouplesDecay: true)
  }

  /// Which parameters are weight matrices between the first and the last.
  private static func isHidden(_ parameters: [Parameter]) -> [Bool] {
    let isMatrix = parameters.map { $0.decays && $0.value.shape.rank >= 2 }
    let (first, last) = (isMatrix.firstIndex(of: true), isMatrix.lastIndex(of: true))
    return isMatrix.enumerated().map { $1 && $0 != first && $0 != last }
  }

  public func step(_ parameters: [Parameter], rate: Double, on device: Device) {
    adamW.step(others, rate: rate * Self.rateOfOthers, on: device)
    stepCount = adamW.stepCount
    for index in hidden.indices {
      let (w, gradient, mean) = (hidden[index].value, hidden[index].gradient, momenta[index])
      device.blend(gradient, factor: 1 - momentum, into: mean, rest: momentum)
      // The gradient is of no more use: it becomes the direction.
      if nesterov {
        device.blend(mean, factor: momentum, into: gradient, rest: 1 - momentum)
      } else {
        gradient.assign(mean)
      }
      let direction = orthogonalizer.orthogonalize(gradient, on: device)
      let scale = max(1, Double(direction.columns) / Double(direction.rows)).squareRoot()
      device.blend(
        direction.values, factor: Float(-rate * scale), into: w,
        rest: Float(1 - rate * weightDecay))
    }
  }

  public func state(of parameters: [Parameter]) -> [StateTensor] {
    zip(hidden, momenta).map { StateTensor(name: "\($0.name).momentum_buffer", value: $1) }
      + adamW.state(of: others)
  }
}
