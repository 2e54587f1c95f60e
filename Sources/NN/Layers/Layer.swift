import Support
import Tensor

/// A layer at work: its parameters, the buffers of the batch it was prepared for, and the passes.
///
/// A layer belongs to one model and one device. It writes into tensors it is given; what it keeps
/// between the passes it allocates in ``prepare(batch:training:on:)``.
public protocol Layer: AnyObject {
  /// The layer's name within its model: `conv1`, or `res2.conv1` within another layer.
  var name: String { get }
  /// The shapes of one input and one output, without the batch.
  var inputShape: Shape { get }
  var outputShape: Shape { get }
  /// In checkpoint order.
  var parameters: [Parameter] { get }
  /// Running statistics and the like, in checkpoint order.
  var state: [StateTensor] { get }
  /// Multiply-adds of one image's forward pass, biases and activations not counted.
  var multiplyAdds: Int { get }
  /// The chains of layers within it, as its description's ``LayerDescription/branches``.
  var branches: [LayerChain] { get }
  /// What the backward pass reads of the tensors of the forward pass.
  var needs: BackwardNeeds { get }
  /// Whether the output may overwrite the input.
  var worksInPlace: Bool { get }

  /// Whether the backward pass may overwrite the gradient of the output.
  var spoilsGradient: Bool { get }

  /// Whether a pass in place leaves the sign of every element that a gradient will reach.
  var keepsSign: Bool { get }

  /// Allocates what the passes keep between them, for batches of up to `batch` items.
  func prepare(batch: Int, training: Bool, on device: Device)

  /// Offers the layer the ones behind it: in passes of this mode it does the work of the first few
  /// of them as well, forward and backward. Its output is then theirs.
  ///
  /// - Returns: how many it takes over.
  func absorb(_ following: ArraySlice<any Layer>, _ mode: Pass.Mode) -> Int

  /// Computes `y` from `x`.
  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass)

  /// Overwrites the parameters' gradients, and `dx` with the gradient of the input where it is
  /// wanted. `x` and `y` are those of the forward pass, as far as ``needs`` asks for them; `dx`
  /// and `dy` are the same tensor for a layer that works in place.
  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass)
}

extension Layer {
  public var branches: [LayerChain] { [] }
  public var parameters: [Parameter] { branches.flatMap(\.parameters) }
  public var state: [StateTensor] { branches.flatMap(\.state) }
  public var multiplyAdds: Int { branches.reduce(0) { $0 + $1.multiplyAdds } }
  public var needs: BackwardNeeds { [] }
  public var worksInPlace: Bool { false }
  public var spoilsGradient: Bool { worksInPlace }
  public var keepsSign: Bool { false }
  public func prepare(batch: Int, training: Bool, on device: Device) {}
  public func absorb(_ following: ArraySlice<any Layer>, _ mode: Pass.Mode) -> Int { 0 }
}

/// What a backward pass reads of the forward pass's tensors.
public struct BackwardNeeds: OptionSet, Sendable {
  public let rawValue: Int

  public init(rawValue: Int) { self.rawValue = rawValue }

  public static let input = BackwardNeeds(rawValue: 1)
  public static let output = BackwardNeeds(rawValue: 2)
  /// The sign of the output, which a later positive factor or zero does not harm.
  public static let outputSign = BackwardNeeds(rawValue: 4)
}

/// What a layer needs to know of the pass it takes part in.
public struct Pass {
  public let device: Device
  public let mode: Mode
  /// For random numbers: the run's seed and the number of the training step.
  public let seed: UInt64
  public let step: Int

  /// The two ways to run a model.
  public enum Mode: Sendable {
    case training
    case inference
  }

  public init(device: Device, mode: Mode, seed: UInt64 = 0, step: Int = 0) {
    self.device = device
    self.mode = mode
    self.seed = seed
    self.step = step
  }
}
