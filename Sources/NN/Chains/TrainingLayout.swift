import Support
import Tensor

/// Which outputs of a chain's training steps have a buffer of their own: each, unless the layer
/// works in place and no backward pass needs what it overwrites.
struct TrainingLayout: Sendable {
  enum Place: Sendable {
    case ownBuffer
    /// In place of the step's input.
    case input
    /// Where the caller wants the output.
    case given
  }

  /// Of each step.
  let places: [Place]
  /// Whether the backward pass reads the chain's output.
  let outputIsNeeded: Bool

  /// - Parameters:
  ///   - mayOverwriteInput: whether the first layers may work in place.
  ///   - placesOutput: whether the caller has a place for the output. He may overwrite it there:
  ///     if a backward pass needs it, it has a buffer all the same.
  init(_ chain: ChainOutline, mayOverwriteInput: Bool, placesOutput: Bool) {
    var places: [Place] = []
    // What backward passes need of the present values; a foreign input counts as needed.
    var needs: BackwardNeeds = mayOverwriteInput ? [] : .output
    for traits in chain.trainingSteps.map(\.traits) {
      if traits.worksInPlace, Self.mayOverwrite(needs, traits) {
        places.append(.input)
        needs.formUnion(traits.needs)
      } else {
        places.append(.ownBuffer)
        needs = traits.needs
      }
    }
    outputIsNeeded = !needs.isDisjoint(with: [.output, .outputSign])
    if placesOutput && !outputIsNeeded { places[places.count - 1] = .given }
    self.places = places
  }

  private static func mayOverwrite(_ needs: BackwardNeeds, _ traits: LayerTraits) -> Bool {
    if needs.contains(.output) { return traits.keepsValues }
    return !needs.contains(.outputSign) || traits.keepsSign
  }
}

extension ChainOutline {
  /// Floats of the largest buffer that two of each chain serve all steps with, used in turn: of the
  /// gradients, or of inference's outputs.
  func alternatingSize(_ mode: Pass.Mode, batch: Int) -> Int {
    // The output of the last step has its gradient elsewhere.
    let steps = mode == .training ? trainingSteps.dropLast() : inferenceSteps[...]
    return boundedProduct(batch, steps.map { $0.outputShape.count }.max() ?? 0)
  }

  /// Floats of the ``SharedRoom`` that the chain needs.
  func roomSize(_ mode: Pass.Mode, batch: Int) -> Int {
    let size = alternatingSize(mode, batch: batch)
    let within = steps(mode).map { step in
      let layer = elements[step.layers.lowerBound].outline
      return SharedRoom.size(of: layer.memory.regions(mode).map { boundedProduct(batch, $0) })
        + (layer.branches.map { $0.chain.roomSize(mode, batch: batch) }.max() ?? 0)
    }
    return boundedSum([SharedRoom.size(of: [size, size]), within.max() ?? 0])
  }
}
