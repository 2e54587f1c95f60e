import Tensor

/// The buffers of a model's training steps, planned once for the largest batch.
///
/// The images have one, so have the layers' outputs and gradients (``TrainingBuffers``). The logits
/// have another if a backward pass needs them, because the loss overwrites them with their gradient.
public final class TrainingPlan {
  public let model: Model
  public let batch: Int
  /// Called when a step of a pass is done, for profiles: with its index in
  /// ``Model/trainingLayers`` and whether it was a step of the backward pass.
  public var didPass: ((_ step: Int, _ isBackward: Bool) -> Void)? {
    get { buffers.didPass }
    set { buffers.didPass = newValue }
  }
  private let inputBuffer: Tensor
  private let buffers: TrainingBuffers
  private let logits: Tensor?

  /// Plans for batches of up to `batch` items.
  public init(_ model: Model, batch: Int) {
    self.model = model
    self.batch = batch
    inputBuffer = Tensor(zeros: model.inputShape.batched(batch))
    let layout = model.outline.trainingLayout
    buffers = TrainingBuffers(
      model.chain, layout, batch: batch,
      room: SharedRoom(size: model.outline.chain.roomSize(.training, batch: batch)),
      Pass(device: model.device, mode: .training))
    logits = layout.outputIsNeeded ? Tensor(zeros: [batch, model.classes]) : nil
  }

  /// Where the first `count` items of a batch go: `[count, H, W, C]`.
  public func input(_ count: Int) -> Tensor { inputBuffer.prefix(model.inputShape.batched(count)) }

  /// Runs the first `count` items of the input through the model.
  ///
  /// - Returns: the logits, `[count, classes]`, which the loss may overwrite with their gradient.
  public func forward(_ count: Int, seed: UInt64, step: Int) -> Tensor {
    let pass = Pass(device: model.device, mode: .training, seed: seed, step: step)
    let result = buffers.forward(input(count), pass)
    guard let logits = logits?.prefix(result.shape) else { return result }
    logits.assign(result)
    return logits
  }

  /// Runs the gradient of the logits back and overwrites every parameter's gradient.
  public func backward(_ logitsGradient: Tensor, seed: UInt64, step: Int) {
    let pass = Pass(device: model.device, mode: .training, seed: seed, step: step)
    buffers.backward(logitsGradient, x: input(logitsGradient.shape[0]), into: nil, pass)
  }
}

/// The buffers of a model's inference, planned once for the largest batch. Batch normalization is
/// folded into the layer before it, dropout does nothing.
public final class InferencePlan {
  public let model: Model
  public let batch: Int
  private let inputBuffer: Tensor
  private let buffers: InferenceBuffers
  private let pass: Pass

  /// Plans for batches of up to `batch` items.
  ///
  /// - Parameter keepsWideWeights: whether weights are kept as they are multiplied with where that takes
  ///   several times their memory. Beside a training, which needs that room once more, they are not.
  public init(_ model: Model, batch: Int, keepsWideWeights: Bool = true) {
    self.model = model
    self.batch = batch
    pass = Pass(device: model.device, mode: .inference, keepsWideWeights: keepsWideWeights)
    inputBuffer = Tensor(zeros: model.inputShape.batched(batch))
    buffers = InferenceBuffers(
      model.chain, batch: batch,
      room: SharedRoom(size: model.outline.chain.roomSize(.inference, batch: batch)), pass)
  }

  /// Takes in the present weights and running statistics. Must be called before the first
  /// ``run(_:)``, and after they changed before the next.
  public func refresh() { model.chain.refreshInference(on: model.device) }

  /// Where the first `count` items of a batch go: `[count, H, W, C]`.
  public func input(_ count: Int) -> Tensor { inputBuffer.prefix(model.inputShape.batched(count)) }

  /// The logits `[count, classes]` of the first `count` items of the input. They are valid until
  /// the next run.
  public func run(_ count: Int) -> Tensor {
    buffers.run(input(count), pass)
  }
}
