import Support
import Tensor

/// Layers one behind the other, from shapes alone: nothing is allocated.
public struct ChainOutline: Sendable {
  /// A layer where it stands.
  public struct Element: Sendable {
    /// `conv1`, without the names of layers around it.
    public let name: String
    public let description: any LayerDescription
    public let outline: LayerOutline
  }

  /// A layer and those behind it whose work it does.
  struct Step: Sendable {
    /// The layer, and the fused ones behind it.
    let layers: Range<Int>
    let fusion: Fusion
    let traits: LayerTraits
    /// The shape of one output.
    let outputShape: Shape
  }

  public let input: LayerInput
  public let elements: [Element]
  let trainingSteps: [Step]
  let inferenceSteps: [Step]

  /// - Throws: ``LayerProblem``, with the name of the layer that does not fit.
  init(_ descriptions: [any LayerDescription], for input: LayerInput) throws {
    var next = input
    elements = try zip(descriptions, descriptions.layerNames).map { description, name in
      do {
        let outline = try description.outline(for: next)
        next = outline.output
        return Element(name: name, description: description, outline: outline)
      } catch let problem as LayerProblem {
        throw problem.within(name)
      }
    }
    self.input = input
    let outlines = elements.map(\.outline)
    trainingSteps = Self.steps(outlines, .training)
    inferenceSteps = Self.steps(outlines, .inference)
  }

  private static func steps(_ layers: [LayerOutline], _ mode: Pass.Mode) -> [Step] {
    var steps: [Step] = []
    var rest = layers[...]
    while let layer = rest.popFirst() {
      let fusion = Fusion(layer.abilities, rest, mode)
      let first = rest.startIndex - 1
      rest = rest.dropFirst(fusion.count)
      steps.append(
        Step(
          layers: first..<rest.startIndex, fusion: fusion, traits: layer.traits(fusion),
          outputShape: layers[rest.startIndex - 1].outputShape))
    }
    return steps
  }

  func steps(_ mode: Pass.Mode) -> [Step] {
    mode == .training ? trainingSteps : inferenceSteps
  }

  /// The shape of one output.
  public var outputShape: Shape { elements.last?.outline.outputShape ?? input.shape }
  /// Trainable numbers.
  public var parameters: Int { boundedSum(elements.map(\.outline.parameters)) }
  /// Numbers that training changes without gradients.
  public var statistics: Int { boundedSum(elements.map(\.outline.statistics)) }
  /// Multiply-adds of one item's forward pass.
  public var multiplyAdds: Int { boundedSum(elements.map(\.outline.multiplyAdds)) }

  /// What the backward pass reads of the chain's input: nothing, or ``BackwardNeeds/input``.
  var needs: BackwardNeeds {
    for traits in trainingSteps.map(\.traits) {
      if traits.needs.contains(.input) { return .input }
      // Behind such a layer the input is what the next one reads.
      guard traits.keepsValues else { break }
    }
    return []
  }

  /// Whether the backward pass writes into the gradient of the output.
  var spoilsGradient: Bool {
    trainingSteps.last.map { $0.traits.spoilsGradient || $0.traits.worksInPlace } ?? false
  }
}
