import Support
import Tensor

/// The buffers of a chain's training steps, planned once for the largest batch.
///
///     x ─▶ layer 0 ─▶ output 0 ─▶ layer 1 ─▶ output 1 ─▶ … ─▶ y
///                                                             │
///     dx ◀─ layer 0 ◀─ gradient A ◀─ layer 1 ◀─ gradient B ◀─ … ◀─ dy
///
/// Each layer's output has its place after the ``TrainingLayout``. Gradients alternate between two
/// buffers, which chains that are not run back at the same time share. A smaller batch uses the
/// beginnings of the same buffers.
final class TrainingBuffers {
  /// Called when a step of a pass is done: with its index and whether it was one of the backward
  /// pass.
  var didPass: ((_ step: Int, _ isBackward: Bool) -> Void)?
  private let steps: [LayerChain.Step]
  private let layout: TrainingLayout
  /// The output of each step that has a buffer.
  private let outputs: [Tensor?]
  private let gradients: [Tensor]
  private let firstTrained: Int

  /// Prepares the layers for batches of up to `batch` items.
  init(
    _ chain: LayerChain, _ layout: TrainingLayout, batch: Int, room: SharedRoom, _ pass: Pass
  ) {
    self.layout = layout
    steps = chain.trainingSteps
    // The input of the first layer has no gradient here, nor has the output of the last a buffer.
    let size = chain.outline.alternatingSize(.training, batch: batch)
    var room = room
    gradients = [room.take([size]), room.take([size])]
    for step in steps {
      step.layer.prepare(batch: batch, room: room, pass.fusing(step.fusion))
    }
    outputs = zip(steps, layout.places).map { step, place in
      place == .ownBuffer ? Tensor(zeros: step.outputShape.batched(batch)) : nil
    }
    firstTrained = steps.firstIndex { !$0.layer.parameters.isEmpty } ?? steps.count
  }

  /// Runs a batch through the layers.
  ///
  /// - Parameter y: the place for the output, if it has one.
  /// - Returns: the output, which is `y` if it is placed there.
  func forward(_ x: Tensor, into y: Tensor? = nil, _ pass: Pass) -> Tensor {
    var input = x
    for (index, step) in steps.enumerated() {
      let output = value(index, x, y)
      step.layer.forward(input, into: output, pass.fusing(step.fusion))
      didPass?(index, false)
      input = output
    }
    return input
  }

  /// Runs the gradient of the output back and overwrites every parameter's gradient, and `dx` with
  /// the gradient of the input. Without a `dx` it ends at the first layer that has parameters.
  ///
  /// - Parameters:
  ///   - dy: overwritten, if the chain ``ChainOutline/spoilsGradient``.
  ///   - x: the input of the forward pass, and `y` what that was given.
  func backward(_ dy: Tensor, x: Tensor, y: Tensor? = nil, into dx: Tensor?, _ pass: Pass) {
    let first = dx == nil ? firstTrained : 0
    var dy = dy
    var next = 0
    for index in steps.indices.reversed() where index >= first {
      let step = steps[index]
      let shape = step.layer.inputShape.batched(dy.shape[0])
      var inputGradient = dx
      if index > first {
        let isInPlace = step.traits.worksInPlace
        inputGradient = isInPlace ? dy.reshaped(shape) : gradients[next].prefix(shape)
        if !isInPlace { next = 1 - next }
      }
      step.layer.backward(
        dy, x: index == 0 ? x : value(index - 1, x, y), y: value(index, x, y),
        into: inputGradient, pass.fusing(step.fusion))
      if let inputGradient { dy = inputGradient }
      didPass?(index, true)
    }
  }

  /// The output of a step.
  private func value(_ index: Int, _ x: Tensor, _ y: Tensor?) -> Tensor {
    let shape = steps[index].outputShape.batched(x.shape[0])
    if let buffer = outputs[index] { return buffer.prefix(shape) }
    if layout.places[index] == .given, let y { return y.reshaped(shape) }
    return (index == 0 ? x : value(index - 1, x, y)).reshaped(shape)
  }
}

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
