import Configuration
import Training

extension LayeredConfiguration {
  /// What a run was trained with, except for what was given here. Other data replaces all that the
  /// run knew about its own.
  ///
  /// - Throws: what ``layFile(_:)`` throws of the run's `config.json`.
  func configuration(over run: RunDirectory) throws -> TrainingConfiguration {
    var layers = LayeredConfiguration()
    try layers.layFile(run.config)
    if Self.dataSources.contains(where: { sources[$0] != .default }) {
      layers.forget(Self.dataSources + ["limit"])
    }
    layers.forget(["threads"])
    layers.lay(self)
    return layers.configuration
  }

  private static let dataSources = [
    "dataset", "data", "train_images", "train_labels", "test_images", "test_labels", "mapping",
    "transpose",
  ]
}
