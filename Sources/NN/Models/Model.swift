import Support
import Tensor

/// A model with weights, on one device.
public final class Model {
  public let description: ModelDescription
  /// The shape of one input, `[H, W, C]`.
  public let inputShape: Shape
  public let classes: Int
  public let device: Device
  let chain: LayerChain

  /// Builds the model with initial weights that depend on the seed alone.
  ///
  /// - Throws: ``ModelError`` if a layer does not fit.
  public init(
    _ description: ModelDescription, inputShape: Shape, classes: Int,
    initializer: Initializer = .he, seed: UInt64 = 0, on device: Device
  ) throws {
    self.description = description
    self.inputShape = inputShape
    self.classes = classes
    self.device = device
    _ = try description.outputShapes(input: inputShape, classes: classes)
    do {
      chain = try LayerChain(
        description.layers,
        at: LayerPlace(
          name: "", index: 0, inputShape: inputShape, flattenedShape: nil, classes: classes,
          initializer: initializer, seed: seed, device: device))
    } catch let problem as LayerProblem {
      throw ModelError(problem, in: description)
    }
  }

  /// The outermost layers, in order.
  public var layers: [any Layer] { chain.layers }

  /// The layers of each step of a training pass: one, with those behind it whose work it does.
  public var trainingLayers: [[any Layer]] {
    chain.trainingSteps.map { [$0.layer] + $0.absorbed }
  }

  /// Every parameter, in checkpoint order.
  public var parameters: [Parameter] { chain.parameters }

  /// Every running statistic, in checkpoint order.
  public var state: [StateTensor] { chain.state }

  /// The number of trainable weights.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.value.count } }

  /// Multiply-adds of one image's forward pass.
  public var multiplyAdds: Int { chain.multiplyAdds }
}
