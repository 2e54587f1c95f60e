import Tensor

/// The buffers of a model's inference, planned once for the largest batch: two, which the layers
/// use in turn. Batch normalization is folded into the layer before it, dropout does nothing.
public final class InferencePlan {
  public let model: Model
  public let batch: Int
  private let inputBuffer: Tensor
  private let buffers: [Tensor]

  /// Plans for batches of up to `batch` items.
  public init(_ model: Model, batch: Int) {
    self.model = model
    self.batch = batch
    inputBuffer = Tensor(zeros: model.inputShape.batched(batch))
    let largest = model.inferenceSteps.map { $0.outputShape.count }.max() ?? 0
    buffers = [Tensor(zeros: [batch * largest]), Tensor(zeros: [batch * largest])]
    for step in model.inferenceSteps {
      step.layer.prepare(batch: batch, training: false, on: model.device)
    }
  }

  /// Folds and packs the present weights and running statistics. Must be called after they changed and
  /// before the next ``run(_:)``.
  public func foldNormalization() {
    for step in model.inferenceSteps {
      (step.layer as? any FoldableLayer)?.foldNormalization(on: model.device)
    }
  }

  /// Where the first `count` items of a batch go: `[count, H, W, C]`.
  public func input(_ count: Int) -> Tensor { inputBuffer.prefix(model.inputShape.batched(count)) }

  /// The logits `[count, classes]` of the first `count` items of the input. They are valid until
  /// the next run.
  public func run(_ count: Int) -> Tensor {
    let pass = Pass(device: model.device, mode: .inference)
    let images = input(count)
    var x = images
    var next = 0
    for step in model.inferenceSteps {
      let shape = step.outputShape.batched(count)
      // The images are the caller's to use again.
      let inPlace =
        step.layer is FlattenLayer || step.layer.worksInPlace && x.pointer != images.pointer
      let y = inPlace ? x.reshaped(shape) : buffers[next].prefix(shape)
      if !inPlace { next = 1 - next }
      step.layer.forward(x, into: y, pass)
      x = y
    }
    return x
  }
}
