import Support
import Tensor

/// A model with weights, on one device.
public final class Model {
  public let description: ModelDescription
  /// The shape of one input, `[H, W, C]`.
  public let inputShape: Shape
  public let classes: Int
  public let device: Device
  public let layers: [any Layer]
  /// The layers as training and inference run them.
  let trainingSteps: [Step]
  let inferenceSteps: [Step]

  /// A layer with those behind it whose work it does.
  struct Step {
    let layer: any Layer
    /// The layers behind it whose work it does.
    let absorbed: [any Layer]
    /// The shape of one output.
    let outputShape: Shape
  }

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
    let shapes = try description.outputShapes(input: inputShape, classes: classes)
    let names = description.layerNames
    var layers: [any Layer] = []
    var flattened: Shape?
    for (index, layer) in description.layers.enumerated() {
      let input = index == 0 ? inputShape : shapes[index - 1]
      layers.append(
        try layer.makeLayer(
          LayerPlace(
            name: names[index], index: index, inputShape: input, flattenedShape: flattened,
            classes: classes, initializer: initializer, seed: seed, device: device)))
      if layer is Flatten { flattened = input.rank == 3 ? input : flattened }
      if layer is Dense { flattened = nil }
    }
    self.layers = layers
    trainingSteps = Self.steps(layers, .training)
    inferenceSteps = Self.steps(layers, .inference)
  }

  private static func steps(_ layers: [any Layer], _ mode: Pass.Mode) -> [Step] {
    var steps: [Step] = []
    var rest = layers[...]
    while let layer = rest.popFirst() {
      let absorbed = rest.prefix(layer.absorb(rest, mode))
      steps.append(
        Step(
          layer: layer, absorbed: Array(absorbed),
          outputShape: (absorbed.last ?? layer).outputShape))
      rest = rest.dropFirst(absorbed.count)
    }
    return steps
  }

  /// The layers of each step of a training pass: one, with those behind it whose work it does.
  public var trainingLayers: [[any Layer]] { trainingSteps.map { [$0.layer] + $0.absorbed } }

  /// Every parameter, in checkpoint order.
  public var parameters: [Parameter] { layers.flatMap(\.parameters) }

  /// Every running statistic, in checkpoint order.
  public var state: [StateTensor] { layers.flatMap(\.state) }

  /// The number of trainable weights.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.value.count } }

  /// Multiply-adds of one image's forward pass.
  public var multiplyAdds: Int { layers.reduce(0) { $0 + $1.multiplyAdds } }
}
