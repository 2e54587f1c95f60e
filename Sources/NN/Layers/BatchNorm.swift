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

  public let momentum: Double
  public let epsilon: Double
  public let frozen: Bool

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

  public func outputShape(for input: Shape, classes: Int) throws -> Shape { input }

  public func makeLayer(_ place: LayerPlace) throws -> any Layer { BatchNormLayer(self, place) }
}

/// ``BatchNorm`` at work.
final class BatchNormLayer: Layer {
  let name: String
  let inputShape: Shape
  let gamma: Parameter
  let beta: Parameter
  let runningMean: Tensor
  let runningVariance: Tensor
  private let momentum: Float
  private let epsilon: Float
  private let isFrozen: Bool
  private let statistics: BatchStatistics
  /// What this layer does of those behind it.
  private var training = Fusion()
  private var inference = Fusion()
  private var choices: Bytes?
  private let layout: WeightLayout

  init(_ description: BatchNorm, _ place: LayerPlace) {
    name = place.name
    inputShape = place.inputShape
    momentum = Float(description.momentum)
    epsilon = Float(description.epsilon)
    isFrozen = description.frozen
    let channels = inputShape[inputShape.rank - 1]
    layout = place.featureLayout
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

  var outputShape: Shape { inputShape }
  var parameters: [Parameter] { [gamma, beta] }
  var state: [StateTensor] {
    [
      StateTensor(name: "\(name).running_mean", value: runningMean, layout: layout),
      StateTensor(name: "\(name).running_var", value: runningVariance, layout: layout),
    ]
  }
  var needs: BackwardNeeds { .input }

  func absorb(_ following: ArraySlice<any Layer>, _ mode: Pass.Mode) -> Int {
    let sidesAreEven = inputShape.rank == 3 && inputShape[0] % 2 == 0 && inputShape[1] % 2 == 0
    let wanted = Fusion(following, .training, pooling: sidesAreEven)
    // Its kernels pool what a ReLU made positive; pooling alone stays a layer of its own.
    let fusion = wanted.rectifies ? wanted : Fusion()
    if mode == .training { training = fusion } else { inference = fusion }
    return fusion.count
  }

  func prepare(batch: Int, training isTraining: Bool, on device: Device) {
    let count = batch * inputShape.count / 4
    if isTraining, training.pools, choices?.count ?? 0 < count { choices = Bytes(count: count) }
  }

  /// `y = scale · x + shift` with the running statistics.
  func inferenceScaleAndShift() -> (scale: Tensor, shift: Tensor) {
    let running = BatchStatistics(
      mean: runningMean, variance: runningVariance, channels: runningMean.count)
    running.fold(gamma: gamma.value, beta: beta.value, epsilon: epsilon)
    return (running.scale, running.shift)
  }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    guard pass.mode == .training else {
      let (scale, shift) = inferenceScaleAndShift()
      apply(inference, x, scale: scale, shift: shift, choices: nil, into: y, on: pass.device)
      return
    }
    if !isFrozen {
      pass.device.moments(x, into: statistics)
      updateRunningStatistics(rows: x.count / statistics.mean.count)
    }
    statistics.fold(gamma: gamma.value, beta: beta.value, epsilon: epsilon)
    apply(
      training, x, scale: statistics.scale, shift: statistics.shift, choices: choices, into: y,
      on: pass.device)
  }

  private func apply(
    _ fusion: Fusion, _ x: Tensor, scale: Tensor, shift: Tensor, choices: Bytes?, into y: Tensor,
    on device: Device
  ) {
    if fusion.pools {
      device.scaleShiftMaxPool(x, scale: scale, shift: shift, choices: choices, into: y)
    } else {
      device.scaleShift(x, scale: scale, shift: shift, rectifying: fusion.rectifies, into: y)
    }
  }

  private func updateRunningStatistics(rows: Int) {
    // One row has no variance; PyTorch refuses it. The running statistics stay as they are.
    guard rows > 1 else { return }
    let unbiased = Float(rows) / Float(rows - 1)
    for channel in 0..<statistics.mean.count {
      let (mean, variance) = (runningMean.pointer, runningVariance.pointer)
      mean[channel] += momentum * (statistics.mean.pointer[channel] - mean[channel])
      variance[channel] +=
        momentum * (statistics.variance.pointer[channel] * unbiased - variance[channel])
    }
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    if training.pools, let choices {
      // A model that begins with a batch normalization has no use for the gradient of its input;
      // then it goes where nothing is needed any more.
      pass.device.batchNormMaxPoolBackward(
        dy, choices: choices, x, statistics, epsilon: epsilon, gammaGradient: gamma.gradient,
        betaGradient: beta.gradient, into: dx ?? x)
    } else {
      pass.device.batchNormBackward(
        dy, x, statistics, epsilon: epsilon, rectifying: training.rectifies,
        gammaGradient: gamma.gradient, betaGradient: beta.gradient, into: dx ?? dy)
    }
  }
}
