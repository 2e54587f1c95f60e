import Tensor

/// The buffers of a model's inference, planned once for the largest batch: two, which the layers
/// use in turn. Batch normalization is folded into the layer before it, dropout does nothing.
public final class InferencePlan {
  public let model: Model
  public let batch: Int
  private let inputBuffer: Tensor
  private let buffers: [Tensor]
  /// Layers whose work another layer does.
  private let skipped: [Bool]

  /// Plans for batches of up to `batch` items.
  public init(_ model: Model, batch: Int) {
    self.model = model
    self.batch = batch
    inputBuffer = Tensor(zeros: model.inputShape.batched(batch))
    let largest = model.layers.map { max($0.inputShape.count, $0.outputShape.count) }.max() ?? 0
    buffers = [Tensor(zeros: [batch * largest]), Tensor(zeros: [batch * largest])]
    for layer in model.layers { layer.prepare(batch: batch, training: false, on: model.device) }
    var skipped = model.layers.indices.map { $0 > 0 && model.absorptions[$0 - 1] != .nothing }
    for (index, layer) in model.layers.enumerated() where index > 0 {
      if layer is BatchNormLayer, model.layers[index - 1] is any FoldableLayer {
        skipped[index] = true
      }
    }
    self.skipped = skipped
  }

  /// Folds the present weights and running statistics. Must be called after they changed and
  /// before the next ``run(_:)``.
  public func foldNormalization() {
    for (index, layer) in model.layers.enumerated() {
      guard let layer = layer as? any FoldableLayer else { continue }
      guard index + 1 < model.layers.count,
        let normalization = model.layers[index + 1] as? BatchNormLayer
      else {
        layer.unfold()
        continue
      }
      let (scale, shift) = normalization.inferenceScaleAndShift()
      layer.fold(scale: scale, shift: shift)
      if normalization.rectifies { layer.rectifyFolded() }
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
    for (index, layer) in model.layers.enumerated() {
      let shape = layer.outputShape.batched(count)
      if skipped[index] {
        x = x.reshaped(shape)
        continue
      }
      // The images are the caller's to use again.
      let inPlace =
        layer is FlattenLayer || layer.worksInPlace && x.pointer != images.pointer
      let y = inPlace ? x.reshaped(shape) : buffers[next].prefix(shape)
      if !inPlace { next = 1 - next }
      layer.forward(x, into: y, pass)
      x = y
    }
    return x
  }
}
