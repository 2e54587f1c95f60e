import Tensor

/// The buffers of a model's inference, planned once for the largest batch. Batch normalization is
/// folded into the layer before it, dropout does nothing.
public final class InferencePlan {
  public let model: Model
  public let batch: Int
  private let inputBuffer: Tensor
  private let buffers: InferenceBuffers

  /// Plans for batches of up to `batch` items.
  public init(_ model: Model, batch: Int) {
    self.model = model
    self.batch = batch
    inputBuffer = Tensor(zeros: model.inputShape.batched(batch))
    buffers = InferenceBuffers(
      model.chain, batch: batch,
      room: SharedRoom(size: model.outline.chain.roomSize(.inference, batch: batch)),
      Pass(device: model.device, mode: .inference))
  }

  /// Takes in the present weights and running statistics. Must be called before the first
  /// ``run(_:)``, and after they changed before the next.
  public func refresh() { model.chain.refreshInference(on: model.device) }

  /// Where the first `count` items of a batch go: `[count, H, W, C]`.
  public func input(_ count: Int) -> Tensor { inputBuffer.prefix(model.inputShape.batched(count)) }

  /// The logits `[count, classes]` of the first `count` items of the input. They are valid until
  /// the next run.
  public func run(_ count: Int) -> Tensor {
    buffers.run(input(count), Pass(device: model.device, mode: .inference))
  }
}
