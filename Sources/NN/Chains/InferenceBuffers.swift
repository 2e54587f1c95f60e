import Tensor

/// The buffers of a chain's inference, planned once for the largest batch: two, which the layers
/// use in turn.
final class InferenceBuffers {
  private let steps: [LayerChain.Step]
  private let buffers: [Tensor]

  /// Prepares the layers for batches of up to `batch` items.
  init(_ chain: LayerChain, batch: Int, on device: Device) {
    steps = chain.inferenceSteps
    let largest = steps.map { $0.outputShape.count }.max() ?? 0
    buffers = [Tensor(zeros: [batch * largest]), Tensor(zeros: [batch * largest])]
    for step in steps { step.layer.prepare(batch: batch, training: false, on: device) }
  }

  /// Runs a batch through the layers; `x` stays as it is.
  ///
  /// - Parameter y: a place for the output, if there is one.
  /// - Returns: the output: `y`, or what is valid until the next run.
  func run(_ x: Tensor, into y: Tensor? = nil, _ pass: Pass) -> Tensor {
    var input = x
    var next = 0
    for (index, step) in steps.enumerated() {
      let output: Tensor
      let shape = step.outputShape.batched(x.shape[0])
      if index == steps.count - 1, let y {
        output = y.reshaped(shape)
      } else if step.layer is FlattenLayer || step.layer.worksInPlace && input.pointer != x.pointer
      {
        output = input.reshaped(shape)
      } else {
        output = buffers[next].prefix(shape)
        next = 1 - next
      }
      step.layer.forward(input, into: output, pass)
      input = output
    }
    return input
  }
}
