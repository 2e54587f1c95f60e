import Support
import Tensor

/// Layers at work one behind the other: a whole model, or a branch of a composite layer.
public final class LayerChain {
  public let layers: [any Layer]
  public let inputShape: Shape
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

  /// The layers with their initial weights.
  ///
  /// - Parameter place: where the first one stands; its name is what the layers' names begin with,
  ///   empty for a model.
  /// - Throws: ``LayerProblem``, with the name of the layer that does not fit.
  init(_ descriptions: [any LayerDescription], at place: LayerPlace) throws {
    inputShape = place.inputShape
    var next = place
    layers = try zip(descriptions, descriptions.layerNames).map { description, name in
      next.name = place.name.isEmpty ? name : "\(place.name).\(name)"
      do {
        let layer = try description.makeLayer(next)
        next.advance(past: description, layer)
        return layer
      } catch let problem as LayerProblem {
        throw problem.within(name)
      }
    }
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

  /// The shape of one output.
  public var outputShape: Shape { layers.last?.outputShape ?? inputShape }
  /// In checkpoint order.
  public var parameters: [Parameter] { layers.flatMap(\.parameters) }
  /// Running statistics and the like, in checkpoint order.
  public var state: [StateTensor] { layers.flatMap(\.state) }
  /// Multiply-adds of one image's forward pass.
  public var multiplyAdds: Int { layers.reduce(0) { $0 + $1.multiplyAdds } }

  /// What the backward pass reads of the chain's input: nothing, or ``BackwardNeeds/input``.
  var needs: BackwardNeeds { trainingSteps.first?.layer.needs.intersection(.input) ?? [] }

  /// Whether the backward pass may overwrite the gradient of the output.
  var spoilsGradient: Bool { trainingSteps.last?.layer.spoilsGradient ?? false }

  /// Folds and packs the present weights and running statistics for inference.
  func foldNormalization(on device: Device) {
    for step in inferenceSteps {
      (step.layer as? any FoldableLayer)?.foldNormalization(on: device)
    }
  }
}

extension LayerPlace {
  /// Moves on to the place behind a layer.
  fileprivate mutating func advance(past description: any LayerDescription, _ layer: any Layer) {
    if description is Flatten {
      flattenedShape = inputShape.rank == 3 ? inputShape : flattenedShape
    }
    if let patches = description as? Patches {
      flattenedShape = Shape(patches.size, patches.size, inputShape[2])
    }
    if description is Dense { flattenedShape = nil }
    inputShape = layer.outputShape
    index += description.layerCount
  }

  /// The place of the first layer of a branch of the composite layer that stands here.
  ///
  /// - Parameter skipped: the layers of the branches before it.
  func branch(_ prefix: String = "", skipping skipped: Int = 0) -> LayerPlace {
    var place = self
    if !prefix.isEmpty { place.name = "\(name).\(prefix)" }
    place.index = index + 1 + skipped
    return place
  }

  /// How PyTorch lays out a vector with a number for each feature of the input.
  var featureLayout: WeightLayout {
    flattenedShape.map { .vectorOverImage(height: $0[0], width: $0[1], channels: $0[2]) } ?? .same
  }

  /// Refuses an image that was flattened, whose elements PyTorch has in another order: layers that
  /// combine them with others cannot tell it so in a checkpoint.
  func refuseFlattenedImage() throws {
    guard let flattenedShape, flattenedShape[2] > 1 else { return }
    throw LayerProblem(
      "cannot stand behind a flattened image \(flattenedShape); put a dense layer between")
  }
}
