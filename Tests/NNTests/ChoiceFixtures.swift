import NN
import Support
import Tensor
import TestSupport

extension ModelPreset {
  /// The description that options as in a configuration file make of it.
  func shaped(_ options: JSONObject) throws -> ModelDescription {
    try description(Settings(options, of: ShapingOption.all.map(\.setting)))
  }
}

/// A preset's model for MNIST, its weights zeros.
func model(_ preset: ModelPreset, _ options: JSONObject = [:]) throws -> Model {
  try Model(
    preset.shaped(options), inputShape: [28, 28, 1], classes: 10, initializer: .zeros,
    on: Device(threads: 1))
}

extension OptimizerDescriptor {
  /// The optimizer with options as in a configuration file.
  func optimizer(for parameters: [Parameter], _ options: JSONObject = [:]) -> any Optimizer {
    makeOptimizer(for: parameters, Settings(options, of: Self.settings))
  }
}
