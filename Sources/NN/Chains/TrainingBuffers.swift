import Tensor

/// The buffers of a chain's training steps, planned once for the largest batch.
///
///     x ─▶ layer 0 ─▶ output 0 ─▶ layer 1 ─▶ output 1 ─▶ … ─▶ y
///                                                             │
///     dx ◀─ layer 0 ◀─ gradient A ◀─ layer 1 ◀─ gradient B ◀─ … ◀─ dy
///
/// Each layer's output has a buffer of its own, unless the layer works in place and no backward
/// pass needs what it overwrites. Gradients alternate between two buffers. A smaller batch uses the
/// beginnings of the same buffers.
final class TrainingBuffers {
  /// Called when a step of a pass is done: with its index and whether it was one of the backward
  /// pass.
  var didPass: ((_ step: Int, _ isBackward: Bool) -> Void)?
  /// Whether the backward pass reads the chain's output.
  let outputIsNeeded: Bool
  private let steps: [LayerChain.Step]
  /// The output of each step; `nil` where it replaces the input, and for a last one that is placed.
  private let outputs: [Tensor?]
  private let isPlaced: Bool
  private let gradients: [Tensor]
  private let firstTrained: Int

  /// Prepares the layers for batches of up to `batch` items.
  ///
  /// - Parameters:
  ///   - mayOverwriteInput: whether the first layers may work in place.
  ///   - placesOutput: whether the caller has a place for the output. He may overwrite it there:
  ///     if a backward pass needs it, it has a buffer all the same.
  init(
    _ chain: LayerChain, batch: Int, on device: Device, mayOverwriteInput: Bool, placesOutput: Bool
  ) {
    steps = chain.trainingSteps
    var outputs: [Tensor?] = []
    // What backward passes need of the present values; a foreign input counts as needed.
    var needs: BackwardNeeds = mayOverwriteInput ? [] : .output
    for step in steps {
      step.layer.prepare(batch: batch, training: true, on: device)
      if step.layer.worksInPlace, Self.mayOverwrite(needs, by: step.layer) {
        outputs.append(nil)
        needs.formUnion(step.layer.needs)
      } else {
        outputs.append(Tensor(zeros: step.outputShape.batched(batch)))
        needs = step.layer.needs
      }
    }
    outputIsNeeded = !needs.isDisjoint(with: [.output, .outputSign])
    isPlaced = placesOutput && !outputIsNeeded
    if isPlaced { outputs[outputs.count - 1] = nil }
    self.outputs = outputs
    // The input of the first layer has no gradient here, nor has the output of the last a buffer.
    let largest = steps.dropLast().map { batch * $0.outputShape.count }.max() ?? 0
    gradients = [Tensor(zeros: [largest]), Tensor(zeros: [largest])]
    firstTrained = steps.firstIndex { !$0.layer.parameters.isEmpty } ?? steps.count
  }

  private static func mayOverwrite(_ needs: BackwardNeeds, by layer: any Layer) -> Bool {
    if needs.contains(.output) { return layer is FlattenLayer }
    return !needs.contains(.outputSign) || layer.keepsSign
  }

  /// Runs a batch through the layers.
  ///
  /// - Parameter y: the place for the output, if it has one.
  /// - Returns: the output, which is `y` if it is placed there.
  func forward(_ x: Tensor, into y: Tensor? = nil, _ pass: Pass) -> Tensor {
    var input = x
    for (index, step) in steps.enumerated() {
      let output = value(index, x, y)
      step.layer.forward(input, into: output, pass)
      didPass?(index, false)
      input = output
    }
    return input
  }

  /// Runs the gradient of the output back and overwrites every parameter's gradient, and `dx` with
  /// the gradient of the input. Without a `dx` it ends at the first layer that has parameters.
  ///
  /// - Parameters:
  ///   - dy: overwritten, if the chain ``LayerChain/spoilsGradient``.
  ///   - x: the input of the forward pass, and `y` what that was given.
  func backward(_ dy: Tensor, x: Tensor, y: Tensor? = nil, into dx: Tensor?, _ pass: Pass) {
    let first = dx == nil ? firstTrained : 0
    var dy = dy
    var next = 0
    for index in steps.indices.reversed() where index >= first {
      let layer = steps[index].layer
      let shape = layer.inputShape.batched(dy.shape[0])
      var inputGradient = dx
      if index > first {
        inputGradient =
          layer.worksInPlace ? dy.reshaped(shape) : gradients[next].prefix(shape)
        if !layer.worksInPlace { next = 1 - next }
      }
      layer.backward(
        dy, x: index == 0 ? x : value(index - 1, x, y), y: value(index, x, y),
        into: inputGradient, pass)
      if let inputGradient { dy = inputGradient }
      didPass?(index, true)
    }
  }

  /// The output of a step.
  private func value(_ index: Int, _ x: Tensor, _ y: Tensor?) -> Tensor {
    let shape = steps[index].outputShape.batched(x.shape[0])
    if let buffer = outputs[index] { return buffer.prefix(shape) }
    if isPlaced, index == steps.count - 1, let y { return y.reshaped(shape) }
    return (index == 0 ? x : value(index - 1, x, y)).reshaped(shape)
  }
}
