import Support
import Tensor

/// A model with weights, on one device.
public final class Model {
  /// What is known of it from shapes.
  public let outline: ModelOutline
  public let device: Device
  /// How its convolutions are computed. The bits of a result depend on it.
  public let convolution: ConvolutionAlgorithm
  let chain: LayerChain

  /// Builds the model with initial weights that depend on the seed alone.
  ///
  /// - Throws: ``ModelError`` if a layer does not fit.
  public convenience init(
    _ description: ModelDescription, inputShape: Shape, classes: Int,
    initializer: Initializer = .he, seed: UInt64 = 0, on device: Device
  ) throws {
    try self.init(
      ModelOutline(description, inputShape: inputShape, classes: classes),
      initializer: initializer, seed: seed, on: device)
  }

  /// The same from what is known of it already.
  public init(
    _ outline: ModelOutline, initializer: Initializer = .he, seed: UInt64 = 0,
    convolution: ConvolutionAlgorithm = .winograd, on device: Device
  ) throws {
    self.outline = outline
    self.device = device
    self.convolution = convolution
    chain = try LayerChain(
      outline.chain,
      at: LayerPlace(
        name: "", index: 0, initializer: initializer, seed: seed, convolution: convolution))
  }

  public var description: ModelDescription { outline.description }
  /// The shape of one input, `[H, W, C]`.
  public var inputShape: Shape { outline.inputShape }
  public var classes: Int { outline.classes }

  /// The outermost layers, in order.
  public var layers: [any Layer] { chain.layers }

  /// The layers of each step of a training pass: one, with those behind it whose work it does.
  public var trainingLayers: [[any Layer]] {
    chain.trainingSteps.map { [$0.layer] + $0.fused }
  }

  /// Every parameter, in checkpoint order.
  public var parameters: [Parameter] { chain.parameters }

  /// Every running statistic, in checkpoint order.
  public var state: [StateTensor] { chain.state }

  /// The number of trainable weights.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.value.count } }

  /// Multiply-adds of one image's forward pass.
  public var multiplyAdds: Int { outline.multiplyAdds }
}
