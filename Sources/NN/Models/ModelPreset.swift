import Support
import Tensor

/// A model that has a name: a function from options to a list of layers, and the training recipe
/// that suits it.
public struct ModelPreset: Sendable {
  public let name: String
  /// One line for the list of models.
  public let abstract: String
  /// Training options by name, as in a configuration file.
  public let recipe: JSONObject
  /// What it has that options can shape.
  let parts: Set<PresetPart>
  /// The number of its convolutions that have filters to choose; `nil`: as many as one likes.
  var filterCount: Int?
  let layers: @Sendable (Settings) -> [any LayerDescription]

  /// Every preset. Adding one is a file and an entry here.
  public static let all: [ModelPreset] = [
    .cnn, .cnn2, .cnn3, .leNet5, .vgg, .resNet, .denseNet, .viT, .mlp, .mlp512, .mlpSmall,
  ]

  /// The preset of that name.
  ///
  /// - Throws: ``ModelError/unknownModel(name:)``.
  public static func named(_ name: String) throws -> ModelPreset {
    guard let preset = all.first(where: { $0.name == name }) else {
      throw ModelError.unknownModel(name: name)
    }
    return preset
  }

  /// The model as far as `settings` change it, which may hold others than those of
  /// ``ShapingOption/all``.
  ///
  /// - Throws: ``ModelError/optionDoesNotApply(option:model:)``,
  ///   ``ModelError/wrongFilterCount(given:needed:model:)``,
  ///   ``ModelError/optionNeedsNormalization(option:model:)`` and
  ///   ``ModelError/optionNeedsActivation(option:activation:)``.
  public func description(_ settings: Settings = Settings()) throws -> ModelDescription {
    let given = ShapingOption.all.filter { settings.has($0.name) }
    for option in given where !isShaped(by: option) {
      throw ModelError.optionDoesNotApply(option: option.flagName, model: name)
    }
    let style = LayerStyle(settings)
    if style.contradictsItself { throw ModelError.normalizationsDiffer }
    if let filters = style.filters, let filterCount, filters.count != filterCount {
      throw ModelError.wrongFilterCount(given: filters.count, needed: filterCount, model: name)
    }
    let description = ModelDescription(name: name, layers: layers(settings))
    for option in given {
      if let problem = problem(with: option, description, style) { throw problem }
    }
    return description
  }

  /// What is missing for an option to be of use.
  private func problem(
    with option: ShapingOption, _ description: ModelDescription, _ style: LayerStyle
  ) -> ModelError? {
    switch option.partner {
    case .normalization where !description.has(BatchNorm.type):
      .optionNeedsNormalization(option: option.flagName, model: name)
    case .groups where !description.has(GroupNorm.type):
      .optionNeedsGroups(option: option.flagName, model: name)
    case .activation(let needed) where style.activationName != needed:
      .optionNeedsActivation(option: option.flagName, activation: needed)
    case nil, .normalization, .groups, .activation: nil
    }
  }

  /// Whether the option can change anything about this preset.
  func isShaped(by option: ShapingOption) -> Bool { option.part.map(parts.contains) ?? true }

  /// Whether the option is of use beside these settings.
  public func uses(_ option: ShapingOption, with settings: Settings) -> Bool {
    let description = ModelDescription(name: name, layers: layers(settings))
    return isShaped(by: option)
      && problem(with: option, description, LayerStyle(settings)) == nil
  }
}

extension ModelDescription {
  /// Whether a layer of this type is among the layers, or among those that they are made of.
  fileprivate func has(_ type: String) -> Bool {
    func isOrHas(_ value: JSONValue) -> Bool {
      value["type"]?.string == type
        || (value.array ?? value.object?.map(\.value) ?? []).contains(where: isOrHas)
    }
    return isOrHas(.object(json))
  }
}
