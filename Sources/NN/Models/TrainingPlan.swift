import Tensor

/// The buffers of a model's training steps, planned once for the largest batch.
///
///     input ─▶ layer 0 ─▶ output 0 ─▶ layer 1 ─▶ output 1 ─▶ … ─▶ logits
///                                                                   │ loss
///     (none) ◀─ layer 0 ◀─ gradient A ◀─ layer 1 ◀─ gradient B ◀─ … ◀┘
///
/// Each layer's output has a buffer of its own, unless the layer works in place and no backward
/// pass needs what it overwrites. The logits have one too if a backward pass needs them, because
/// the loss overwrites them with their gradient. Gradients alternate between two buffers. A
/// smaller batch uses the beginnings of the same buffers.
public final class TrainingPlan {
  public let model: Model
  public let batch: Int
  /// Called when a step of a pass is done, for profiles: with its index in
  /// ``Model/trainingLayers`` and whether it was a step of the backward pass.
  public var didPass: ((_ step: Int, _ isBackward: Bool) -> Void)?
  private let inputBuffer: Tensor
  private let outputs: [Tensor]
  private let logits: Tensor?
  private let gradients: [Tensor]
  private let firstTrained: Int

  /// Plans for batches of up to `batch` items.
  public init(_ model: Model, batch: Int) {
    self.model = model
    self.batch = batch
    inputBuffer = Tensor(zeros: model.inputShape.batched(batch))
    var outputs: [Tensor] = []
    var needs: BackwardNeeds = []
    for step in model.trainingSteps {
      step.layer.prepare(batch: batch, training: true, on: model.device)
      let shape = step.outputShape.batched(batch)
      if step.layer.worksInPlace, Self.mayOverwrite(needs, by: step.layer) {
        outputs.append((outputs.last ?? inputBuffer).reshaped(shape))
        needs.formUnion(step.layer.needs)
      } else {
        outputs.append(Tensor(zeros: shape))
        needs = step.layer.needs
      }
    }
    self.outputs = outputs
    let logitsAreNeeded = needs.contains(.output) || needs.contains(.outputSign)
    logits = logitsAreNeeded ? Tensor(zeros: [batch, model.classes]) : nil
    // The input of the first layer has no gradient, nor has the output of the last a buffer here.
    let largest = outputs.dropLast().map { $0.count }.max() ?? 0
    gradients = [Tensor(zeros: [largest]), Tensor(zeros: [largest])]
    firstTrained =
      model.trainingSteps.firstIndex { !$0.layer.parameters.isEmpty } ?? model.trainingSteps.count
  }

  private static func mayOverwrite(_ needs: BackwardNeeds, by layer: any Layer) -> Bool {
    if needs.contains(.output) { return layer is FlattenLayer }
    return !needs.contains(.outputSign) || layer.keepsSign
  }

  /// Where the first `count` items of a batch go: `[count, H, W, C]`.
  public func input(_ count: Int) -> Tensor { inputBuffer.prefix(model.inputShape.batched(count)) }

  /// Runs the first `count` items of the input through the model.
  ///
  /// - Returns: the logits, `[count, classes]`, which the loss may overwrite with their gradient.
  public func forward(_ count: Int, seed: UInt64, step: Int) -> Tensor {
    let pass = Pass(device: model.device, mode: .training, seed: seed, step: step)
    for (index, step) in model.trainingSteps.enumerated() {
      step.layer.forward(input(of: index, count), into: output(of: index, count), pass)
      didPass?(index, false)
    }
    let result = output(of: outputs.count - 1, count)
    guard let logits = logits?.prefix(result.shape) else { return result }
    logits.assign(result)
    return logits
  }

  /// Runs the gradient of the logits back and overwrites every parameter's gradient.
  public func backward(_ logitsGradient: Tensor, seed: UInt64, step: Int) {
    let pass = Pass(device: model.device, mode: .training, seed: seed, step: step)
    let count = logitsGradient.shape[0]
    var dy = logitsGradient
    var next = 0
    for index in model.trainingSteps.indices.reversed() where index >= firstTrained {
      let layer = model.trainingSteps[index].layer
      let shape = layer.inputShape.batched(count)
      var dx: Tensor?
      if index > firstTrained {
        dx = layer.worksInPlace ? dy.reshaped(shape) : gradients[next].prefix(shape)
        if !layer.worksInPlace { next = 1 - next }
      }
      layer.backward(
        dy, x: input(of: index, count), y: output(of: index, count), into: dx, pass)
      if let dx { dy = dx }
      didPass?(index, true)
    }
  }

  private func input(of index: Int, _ count: Int) -> Tensor {
    index == 0 ? input(count) : output(of: index - 1, count)
  }

  private func output(of index: Int, _ count: Int) -> Tensor {
    outputs[index].prefix(model.trainingSteps[index].outputShape.batched(count))
  }
}
