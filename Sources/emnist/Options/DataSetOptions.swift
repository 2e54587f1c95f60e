import Configuration
import Datasets
import Platform
import Support
import Tensor
import Training

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
    "transpose", "label_column", "image_size", "test_split", "limit")

  /// What was given.
  let layers: LayeredConfiguration
  var configuration: TrainingConfiguration { layers.configuration }

  init(_ arguments: Arguments) throws {
    var layers = try arguments.configuration(Self.configurationOptions)
    try layers.layDataSet(arguments.operands.first)
    try layers.validate()
    self.layers = layers
  }
}

extension LayeredConfiguration {
  /// Takes the data set that was named without an option.
  ///
  /// - Throws: ``UsageError/twoDataSets(operand:option:)`` if --dataset names another one.
  mutating func layDataSet(_ name: String?) throws {
    guard let name else { return }
    if sources["dataset"] == .flag, let other = configuration.dataset, other != name {
      throw UsageError.twoDataSets(operand: name, option: other)
    }
    try layFlag(.known("dataset"), name)
  }

  /// Takes the word where a run is expected for a data set if it is one's name and no run has it.
  ///
  /// - Returns: the run that is meant; `nil` for the newest.
  mutating func takingDataSet(_ word: String?) throws -> String? {
    guard let word, DataSetOptions.names.contains(word), (try? RunDirectory.named(word)) == nil
    else { return word }
    try layDataSet(word)
    return nil
  }

  /// What a run was trained with, except for what was given here. Other data replaces all that the
  /// run knew about its own.
  ///
  /// - Throws: what ``layFile(_:)`` throws of the run's `config.json`.
  func configuration(over run: RunDirectory) throws -> TrainingConfiguration {
    var layers = LayeredConfiguration()
    try layers.layFile(run.config)
    if saysOtherData(than: layers.configuration) {
      layers.forget(Self.dataSources + ["limit", "limit_test"])
    }
    layers.forget(["threads"])
    layers.lay(self)
    return layers.configuration
  }

  /// Whether something given here is not what a run has recorded; who sets `EMNIST_DATA` for the
  /// training and afterwards means the same data.
  private func saysOtherData(than recorded: TrainingConfiguration) -> Bool {
    Self.dataSources.contains { name in
      let option = ConfigurationOption.known(name)
      return sources[name] != .default
        && option.text(in: configuration) != option.text(in: recorded)
    }
  }

  private static let dataSources = [
    "dataset", "data", "train_images", "train_labels", "test_images", "test_labels", "mapping",
    "transpose", "label_column", "image_size", "test_split",
  ]
}

extension Device {
  /// The device of a configuration: `--threads`, and the instruction set and the sizes of caches that
  /// `EMNIST_SIMD` and `EMNIST_CACHE` force.
  ///
  /// - Throws: ``SIMDError``, ``CacheSizesError``, ``DeviceError``.
  convenience init(_ options: TrainingConfiguration) throws {
    let environment = ProcessInfo.processInfo.environment
    try self.init(
      starting: options.threads ?? Device.processorCount,
      level: SIMDLevel.chosen(environment: environment),
      caches: CacheSizes.chosen(environment: environment))
  }
}
