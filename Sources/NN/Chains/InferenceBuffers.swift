import Tensor

/// The buffers of a chain's inference, planned once for the largest batch: two, which the layers
/// use in turn.
final class InferenceBuffers {
  private let steps: [LayerChain.Step]
  private let buffers: [Tensor]

  /// Prepares the layers for batches of up to `batch` items.
  init(_ chain: LayerChain, batch: Int, room: SharedRoom, _ pass: Pass) {
    steps = chain.inferenceSteps
    let size = chain.outline.alternatingSize(.inference, batch: batch)
    var room = room
    buffers = [room.take([size]), room.take([size])]
    for step in steps {
      step.layer.prepare(batch: batch, room: room, pass.fusing(step.fusion))
    }
  }

  /// Runs a batch through the layers; `x` stays as it is.
  ///
  /// - Parameter y: a place for the output, if there is one.
  /// - Returns: the output: `y`, or what is valid until the next run.
  func run(_ x: Tensor, into y: Tensor? = nil, _ pass: Pass) -> Tensor {
    var input = x
    var isForeign = true
    var next = 0
    for (index, step) in steps.enumerated() {
      let output: Tensor
      let shape = step.outputShape.batched(x.shape[0])
      if index == steps.count - 1, let y {
        output = y.reshaped(shape)
      } else if step.traits.keepsValues || step.traits.worksInPlace && !isForeign {
        output = input.reshaped(shape)
      } else {
        output = buffers[next].prefix(shape)
        next = 1 - next
        isForeign = false
      }
      step.layer.forward(input, into: output, pass.fusing(step.fusion))
      input = output
    }
    return input
  }
}
