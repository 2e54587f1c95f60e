import Interchange
import NN

// What `last.safetensors` keeps of a training beside the weights.

extension WeightUpdate {
  private static let optimizerPrefix = "optimizer."
  private static let averagePrefix = "ema."

  /// The optimizer's state as `optimizer.…`, and the average of the weights, if there is one, under
  /// the weights' names behind `ema.`.
  func tensors(of model: Model, steps: Int) -> [SafetensorsTensor] {
    let state = optimizer.state(of: model.parameters).map {
      SafetensorsTensor(
        name: Self.optimizerPrefix + $0.name, $0.value, layout: $0.layout)
    }
    guard average != nil else { return state }
    let averages = withBestWeights { model.torchTensors(steps: steps) }.map {
      SafetensorsTensor(
        name: Self.averagePrefix + $0.name, dtype: $0.dtype, shape: $0.shape, bytes: $0.bytes)
    }
    return state + averages
  }

  /// Takes what ``tensors(of:steps:)`` gave.
  ///
  /// - Throws: ``SafetensorsError`` and ``WeightsError``, after which the update is of no use.
  func load(_ file: SafetensorsFile, for model: Model) throws {
    try file.section(Self.optimizerPrefix).load(
      into: optimizer.state(of: model.parameters), of: model.description.name)
    try average?.whileInUse { try model.load(file.section(Self.averagePrefix)) }
  }
}
