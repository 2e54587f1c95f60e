import NN
import Support
import Tensor

extension TrainingConfiguration {
  /// Whether the model is a file rather than a preset.
  fileprivate var modelIsFile: Bool { model.hasSuffix(".json") }
}

/// The model that a configuration asks for: a preset, shaped by the options, or a model file.
///
/// - Throws: ``ModelError``, and ``FileError`` or ``JSONError`` for a file that cannot be read.
public func modelDescription(
  for configuration: TrainingConfiguration
) throws -> ModelDescription {
  let model = configuration.model
  guard configuration.modelIsFile else {
    return try ModelPreset.named(model).description(configuration.settings)
  }
  // A file says everything about its model.
  for option in ConfigurationOption.shapingPresets
  where option.text(in: configuration) != nil {
    throw ModelError.optionDoesNotApply(option: String(option.flag.dropFirst(2)), model: model)
  }
  return try ModelDescription(
    json: JSONValue(parsing: readFile(model, as: .text), path: model), path: model)
}

/// The training options that suit a configuration's model; a model file gets those of `cnn`.
///
/// - Throws: ``ModelError/unknownModel(name:)``.
public func recipe(for configuration: TrainingConfiguration) throws -> Recipe {
  let preset =
    try configuration.modelIsFile ? ModelPreset.cnn : ModelPreset.named(configuration.model)
  return Recipe(name: preset.name, values: preset.recipe)
}

extension ConfigurationOption {
  /// The options that change the layers of a preset.
  public static let shapingPresets: [ConfigurationOption] = ShapingOption.all.map {
    ConfigurationOption($0.setting, in: .model)
  }
}
