import Support
import Tensor

/// Batch normalization over all but the last extent, as `torch.nn.BatchNorm2d` and `BatchNorm1d`
/// (Ioffe and Szegedy, 2015): `y = γ (x − mean) / √(variance + ε) + β`.
///
/// In training mean and variance are the batch's, and the running ones move towards them:
/// `running = (1 − momentum) running + momentum · batch`, the variance unbiased. In inference they
/// are the running ones, folded into the weights of the layer before where it has any. A frozen
/// layer uses the running ones in training too and leaves them as they are, as a module in PyTorch's
/// evaluation mode; γ and β go on learning.
public struct BatchNorm: LayerDescription {
  public static let type = "batch_norm"
  public static let namePrefix = "bn"

  public internal(set) var momentum: Double
  public internal(set) var epsilon: Double
  public internal(set) var frozen: Bool

  public init(momentum: Double = 0.1, epsilon: Double = 1e-5, frozen: Bool = false) {
    self.momentum = momentum
    self.epsilon = epsilon
    self.frozen = frozen
  }

  public init(_ options: inout LayerOptions) throws {
    momentum = try options.number("momentum", in: 0..<1, default: 0.1)
    epsilon = try options.number("epsilon", in: 0..<1, default: 1e-5)
    frozen = try options.truth("frozen", default: false)
  }

  public var options: JSONObject {
    var object = JSONObject()
    if momentum != 0.1 { object["momentum"] = .number(momentum) }
    if epsilon != 1e-5 { object["epsilon"] = .number(epsilon) }
    if frozen { object["frozen"] = true }
    return object
  }

  public func outline(for input: LayerInput) throws -> LayerOutline {
    let shape = input.shape
    let channels = shape[shape.rank - 1]
    var outline = try LayerOutline(input)
    outline.parameters = 2 * channels
    outline.statistics = 2 * channels
    outline.traits.needs = .input
    outline.work = .normalization
    let sidesAreEven = shape.rank == 3 && shape[0] % 2 == 0 && shape[1] % 2 == 0
    outline.abilities = sidesAreEven ? [.rectification, .pooling] : .rectification
    outline.memory.fixed = 6 * 4 * channels
    let rows = shape.count / max(1, channels)
    outline.memory.scratch = { batch, _ in
      ScratchSize.normalization(rows: boundedProduct(batch, rows), columns: channels)
    }
    return outline
  }

  public func makeLayer(_ outline: LayerOutline, at place: LayerPlace) -> any Layer {
    BatchNormLayer(self, outline, at: place)
  }
}

/// ``BatchNorm`` at work.
final class BatchNormLayer: Layer {
  let name: String
  let outline: LayerOutline
  let gamma: Parameter
  let beta: Parameter
  let runningMean: Tensor
  let runningVariance: Tensor
  private let momentum: Float
  private let epsilon: Float
  private let isFrozen: Bool
  private let statistics: BatchStatistics
  private var inference: ChannelScaling?
  private var choices: Bytes?
  private let layout: WeightLayout

  init(_ description: BatchNorm, _ outline: LayerOutline, at place: LayerPlace) {
    name = place.name
    self.outline = outline
    momentum = Float(description.momentum)
    epsilon = Float(description.epsilon)
    isFrozen = description.frozen
    let channels = outline.inputShape[outline.inputShape.rank - 1]
    layout = outline.input.featureLayout
    gamma = Parameter(name: "\(name).weight", shape: [channels], layout: layout, decays: false)
    beta = Parameter(name: "\(name).bias", shape: [channels], layout: layout, decays: false)
    gamma.value.fill(1)
    runningMean = Tensor(zeros: [channels])
    runningVariance = Tensor(zeros: [channels])
    runningVariance.fill(1)
    statistics =
      isFrozen
      ? BatchStatistics(mean: runningMean, variance: runningVariance, channels: channels)
      : BatchStatistics(channels: channels)
  }

  var parameters: [Parameter] { [gamma, beta] }
  var state: [StateTensor] {
    [
      StateTensor(name: "\(name).running_mean", value: runningMean, layout: layout),
      StateTensor(name: "\(name).running_var", value: runningVariance, layout: layout),
    ]
  }

  func prepare(batch: Int, room: SharedRoom, _ pass: Pass) {
    let count = batch * inputShape.count / 4
    if pass.mode == .training, pass.fusion.pools, choices?.count ?? 0 < count {
      choices = Bytes(count: count)
    }
  }

  /// With the running statistics.
  var channelScaling: ChannelScaling? {
    let running = BatchStatistics(
      mean: runningMean, variance: runningVariance, channels: runningMean.count)
    running.fold(gamma: gamma.value, beta: beta.value, epsilon: epsilon)
    return ChannelScaling(scale: running.scale, shift: running.shift)
  }

  func refreshInference(folding normalization: ChannelScaling?, on device: Device) {
    inference = channelScaling
  }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    guard pass.mode == .training else {
      guard let inference else {
        preconditionFailure("BatchNorm '\(name)': statistics were not taken in")
      }
      return apply(inference, x, choices: nil, into: y, pass)
    }
    if !isFrozen {
      pass.device.moments(x, into: statistics)
      updateRunningStatistics(rows: x.count / statistics.mean.count)
    }
    statistics.fold(gamma: gamma.value, beta: beta.value, epsilon: epsilon)
    apply(
      ChannelScaling(scale: statistics.scale, shift: statistics.shift), x, choices: choices,
      into: y, pass)
  }

  private func apply(
    _ scaling: ChannelScaling, _ x: Tensor, choices: Bytes?, into y: Tensor, _ pass: Pass
  ) {
    let (scale, shift) = (scaling.scale, scaling.shift)
    if pass.fusion.pools {
      pass.device.scaleShiftMaxPool(x, scale: scale, shift: shift, choices: choices, into: y)
    } else {
      pass.device.scaleShift(
        x, scale: scale, shift: shift, rectifying: pass.fusion.rectifies, into: y)
    }
  }

  private func updateRunningStatistics(rows: Int) {
    // One row has no variance; PyTorch refuses it. The running statistics stay as they are.
    guard rows > 1 else { return }
    let unbiased = Float(rows) / Float(rows - 1)
    for channel in 0..<statistics.mean.count {
      let (mean, variance) = (runningMean, runningVariance)
      mean[channel] += momentum * (statistics.mean[channel] - mean[channel])
      variance[channel] +=
        momentum * (statistics.variance[channel] * unbiased - variance[channel])
    }
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    if pass.fusion.pools, let choices {
      pass.device.batchNormMaxPoolBackward(
        dy, choices: choices, x, statistics, epsilon: epsilon, gammaGradient: gamma.gradient,
        betaGradient: beta.gradient, into: dx)
    } else {
      pass.device.batchNormBackward(
        dy, x, statistics, epsilon: epsilon, rectifying: pass.fusion.rectifies,
        gammaGradient: gamma.gradient, betaGradient: beta.gradient, into: dx)
    }
  }
}
