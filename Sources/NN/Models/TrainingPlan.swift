import Tensor

/// The buffers of a model's training steps, planned once for the largest batch.
///
///     input ─▶ layer 0 ─▶ output 0 ─▶ layer 1 ─▶ output 1 ─▶ … ─▶ logits
///                                                                   │ loss
///     (none) ◀─ layer 0 ◀─ gradient A ◀─ layer 1 ◀─ gradient B ◀─ … ◀┘
///
/// Each layer's output has a buffer of its own, unless the layer works in place and no backward
/// pass needs what it overwrites. The logits have one too if a backward pass needs them, because
/// the loss overwrites them with their gradient. Gradients alternate between two buffers. A smaller batch uses
/// the beginnings of the same buffers.
public final class TrainingPlan {
  public let model: Model
  public let batch: Int
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
    var needs = BackwardNeeds.nothing
    for (index, layer) in model.layers.enumerated() {
      layer.prepare(batch: batch, training: true, on: model.device)
      let shape = layer.outputShape.batched(batch)
      let isAbsorbed = index > 0 && model.absorptions[index - 1] != .nothing
      if isAbsorbed || layer.worksInPlace && Self.mayOverwrite(needs, by: layer) {
        outputs.append((outputs.last ?? inputBuffer).reshaped(shape))
        needs = Self.stronger(needs, layer.needs)
      } else {
        outputs.append(Tensor(zeros: shape))
        needs = layer.needs
      }
    }
    self.outputs = outputs
    let logitsAreNeeded = needs == .output || needs == .outputSign
    logits = logitsAreNeeded ? Tensor(zeros: [batch, model.classes]) : nil
    let largest = model.layers.map { max($0.inputShape.count, $0.outputShape.count) }.max() ?? 0
    gradients = [Tensor(zeros: [batch * largest]), Tensor(zeros: [batch * largest])]
    firstTrained = model.layers.firstIndex { !$0.parameters.isEmpty } ?? model.layers.count
  }

  private static func mayOverwrite(_ needs: BackwardNeeds, by layer: any Layer) -> Bool {
    switch needs {
    case .nothing, .input: true
    case .outputSign: layer.keepsSign
    case .output: layer is FlattenLayer
    }
  }

  private static func stronger(_ a: BackwardNeeds, _ b: BackwardNeeds) -> BackwardNeeds {
    if a == .output || b == .output { return .output }
    return a == .outputSign || b == .outputSign ? .outputSign : .nothing
  }

  /// Where the first `count` items of a batch go: `[count, H, W, C]`.
  public func input(_ count: Int) -> Tensor { inputBuffer.prefix(model.inputShape.batched(count)) }

  /// Runs the first `count` items of the input through the model.
  ///
  /// - Returns: the logits, `[count, classes]`, which the loss may overwrite with their gradient.
  public func forward(_ count: Int, seed: UInt64, step: Int) -> Tensor {
    let pass = Pass(device: model.device, mode: .training, seed: seed, step: step)
    for (index, layer) in model.layers.enumerated() {
      if index > 0, model.absorptions[index - 1] != .nothing { continue }
      layer.forward(input(of: index, count), into: output(of: index, count), pass)
    }
    let result = output(of: model.layers.count - 1, count)
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
    for index in model.layers.indices.reversed() where index >= firstTrained {
      let layer = model.layers[index]
      let shape = layer.inputShape.batched(count)
      if index > 0, model.absorptions[index - 1] == .forwardAndBackward {
        dy = dy.reshaped(shape)
        continue
      }
      var dx: Tensor?
      if index > firstTrained {
        dx = layer.worksInPlace ? dy.reshaped(shape) : gradients[next].prefix(shape)
        if !layer.worksInPlace { next = 1 - next }
      }
      layer.backward(
        dy, x: input(of: index, count), y: output(of: index, count), into: dx, pass)
      if let dx { dy = dx }
    }
  }

  private func input(of index: Int, _ count: Int) -> Tensor {
    index == 0 ? input(count) : output(of: index - 1, count)
  }

  private func output(of index: Int, _ count: Int) -> Tensor {
    outputs[index].prefix(model.layers[index].outputShape.batched(count))
  }
}
