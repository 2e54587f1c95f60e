import Configuration
import Datasets
import Support

/// How `emnist data info` and `preview` are told which images are meant.
struct DataSetOptions: Equatable {
  static let operands = [
    Operand(name: "DATASET", help: "the same as --dataset DATASET", words: names)
  ]
  /// The data sets that are known by name.
  static let names = KnownDataset.allCases.map(\.rawValue) + [SyntheticData.standard.name]
  static let options = configurationOptions.commandOptions()

  private static let configurationOptions = [ConfigurationOption].named(
    "dataset", "data", "train_images", "train_labels", "test_images", "test_labels", "mapping",
    "transpose", "limit")

  /// What was given.
  let layers: LayeredConfiguration
  var configuration: TrainingConfiguration { layers.configuration }

  init(_ arguments: Arguments) throws {
    var layers = try arguments.configuration(Self.configurationOptions)
    if let name = arguments.operands.first {
      if layers.sources["dataset"] == .flag, let other = layers.configuration.dataset, other != name
      {
        throw UsageError.twoDataSets(operand: name, option: other)
      }
      try layers.layFlag(.known("dataset"), name)
    }
    try layers.validate()
    self.layers = layers
  }
}
