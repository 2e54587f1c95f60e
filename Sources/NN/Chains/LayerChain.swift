import Support
import Tensor

/// Layers at work one behind the other: a whole model, or a branch of a composite layer.
public final class LayerChain {
  public let outline: ChainOutline
  public let layers: [any Layer]
  /// The layers as training and inference run them.
  let trainingSteps: [Step]
  let inferenceSteps: [Step]

  /// A layer with those behind it whose work it does.
  struct Step {
    let layer: any Layer
    /// The layers behind it whose work it does.
    let fused: [any Layer]
    let fusion: Fusion
    let traits: LayerTraits
    /// The shape of one output.
    let outputShape: Shape
  }

  /// The layers with their initial weights.
  ///
  /// - Parameter place: where the first one stands; its name is what the layers' names begin with,
  ///   empty for a model.
  init(_ outline: ChainOutline, at place: LayerPlace) throws {
    self.outline = outline
    var next = place
    let layers = try outline.elements.map { element in
      next.name = place.name.isEmpty ? element.name : "\(place.name).\(element.name)"
      let layer = try element.description.makeLayer(element.outline, at: next)
      next.index += element.description.layerCount
      return layer
    }
    self.layers = layers
    func steps(_ mode: Pass.Mode) -> [Step] {
      outline.steps(mode).map { step in
        Step(
          layer: layers[step.layers.lowerBound], fused: Array(layers[step.layers].dropFirst()),
          fusion: step.fusion, traits: step.traits, outputShape: step.outputShape)
      }
    }
    trainingSteps = steps(.training)
    inferenceSteps = steps(.inference)
  }

  public var inputShape: Shape { outline.input.shape }
  /// The shape of one output.
  public var outputShape: Shape { outline.outputShape }
  /// In checkpoint order.
  public var parameters: [Parameter] { layers.flatMap(\.parameters) }
  /// Running statistics and the like, in checkpoint order.
  public var state: [StateTensor] { layers.flatMap(\.state) }

  /// Takes the present weights and running statistics into what inference uses.
  func refreshInference(on device: Device) {
    for step in inferenceSteps {
      let normalization = step.fusion.normalizes ? step.fused.first?.channelScaling : nil
      step.layer.refreshInference(folding: normalization, on: device)
    }
  }
}

extension LayerPlace {
  /// The place of the first layer of a branch of the composite layer that stands here.
  ///
  /// - Parameter skipped: the layers of the branches before it.
  func branch(_ prefix: String = "", skipping skipped: Int = 0) -> LayerPlace {
    var place = self
    if !prefix.isEmpty { place.name = "\(name).\(prefix)" }
    place.index = index + 1 + skipped
    return place
  }
}
