import Support
import Tensor

/// A layer at work: its parameters, the buffers of the batch it was prepared for, and the passes.
///
/// A layer belongs to one model and one device. It writes into tensors it is given, and only into
/// those that its outline says; what it keeps between the passes it allocates in
/// ``prepare(batch:room:_:)``.
public protocol Layer: AnyObject {
  /// The layer's name within its model: `conv1`, or `res2.conv1` within another layer.
  var name: String { get }
  /// What is known of it from shapes.
  var outline: LayerOutline { get }
  /// In checkpoint order.
  var parameters: [Parameter] { get }
  /// Running statistics and the like, in checkpoint order.
  var state: [StateTensor] { get }
  /// The chains of layers within it, as its outline's ``LayerOutline/branches``.
  var branches: [LayerChain] { get }
  /// What it does to each channel in inference, if that is all it does; with the present weights
  /// and running statistics.
  var channelScaling: ChannelScaling? { get }

  /// Allocates what the passes keep between them, for batches of up to `batch` items in passes like
  /// this one.
  ///
  /// - Parameter room: where to take what holds nothing beyond one pass.
  func prepare(batch: Int, room: SharedRoom, _ pass: Pass)

  /// Takes the present weights and running statistics into what inference uses. Must be called
  /// before the first inference, and after they changed.
  ///
  /// - Parameter normalization: that of the layer behind it, if it does that one's work.
  func refreshInference(folding normalization: ChannelScaling?, on device: Device)

  /// Computes `y` from `x`, which stays as it is unless both are the same tensor.
  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass)

  /// Overwrites the parameters' gradients, and `dx` with the gradient of the input where it is
  /// wanted. `x` and `y` are those of the forward pass, as far as the layer's traits ask for them;
  /// `dx` and `dy` are the same tensor for a layer that works in place.
  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass)
}

extension Layer {
  public var inputShape: Shape { outline.inputShape }
  public var outputShape: Shape { outline.outputShape }
  /// Multiply-adds of one image's forward pass, biases and activations not counted.
  public var multiplyAdds: Int { outline.multiplyAdds }
  public var branches: [LayerChain] { [] }
  public var parameters: [Parameter] { branches.flatMap(\.parameters) }
  public var state: [StateTensor] { branches.flatMap(\.state) }
  public var channelScaling: ChannelScaling? { nil }
  public func prepare(batch: Int, room: SharedRoom, _ pass: Pass) {}
  public func refreshInference(folding normalization: ChannelScaling?, on device: Device) {
    for branch in branches { branch.refreshInference(on: device) }
  }
}

/// What a layer needs to know of the pass it takes part in.
public struct Pass {
  public let device: Device
  public let mode: Mode
  /// For random numbers: the run's seed and the number of the training step.
  public let seed: UInt64
  public let step: Int
  /// Whether weights in a form that takes several times their memory are kept from pass to pass.
  public let keepsWideWeights: Bool
  /// What the layer does of the work of those behind it.
  private(set) var fusion = Fusion()

  /// The two ways to run a model.
  public enum Mode: Sendable {
    case training
    case inference
  }

  public init(
    device: Device, mode: Mode, seed: UInt64 = 0, step: Int = 0, keepsWideWeights: Bool = true
  ) {
    self.device = device
    self.mode = mode
    self.seed = seed
    self.step = step
    self.keepsWideWeights = keepsWideWeights
  }

  /// The same pass for a layer that does the work of others as well.
  func fusing(_ fusion: Fusion) -> Pass {
    var pass = self
    pass.fusion = fusion
    return pass
  }
}
