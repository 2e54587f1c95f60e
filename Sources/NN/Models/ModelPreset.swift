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
  /// The options that shape it, by name.
  let shapedBy: [String]
  /// The number of its convolutions that have filters to choose; `nil`: as many as one likes.
  var filterCount: Int?
  let layers: @Sendable (PresetOptions) -> [any LayerDescription]

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

  /// The model with the given options.
  ///
  /// - Throws: ``ModelError/optionDoesNotApply(option:model:)`` and
  ///   ``ModelError/wrongFilterCount(given:needed:model:)`` and
  ///   ``ModelError/optionNeedsNormalization(option:model:)``.
  public func description(_ options: PresetOptions = PresetOptions()) throws -> ModelDescription {
    for option in options.given where !isShaped(by: option) {
      throw ModelError.optionDoesNotApply(
        option: option.split(separator: "_").joined(separator: "-"), model: name)
    }
    if let filters = options.filters, let filterCount, filters.count != filterCount {
      throw ModelError.wrongFilterCount(given: filters.count, needed: filterCount, model: name)
    }
    let description = ModelDescription(name: name, layers: layers(options))
    if let option = options.givenToNormalization.first, !description.normalizesBatches {
      throw ModelError.optionNeedsNormalization(
        option: option.split(separator: "_").joined(separator: "-"), model: name)
    }
    return description
  }

  /// An option such as `batch_norm_momentum` shapes what `batch_norm` does.
  public func isShaped(by option: String) -> Bool {
    shapedBy.contains { option == $0 || option.hasPrefix("\($0)_") }
  }
}

extension ModelDescription {
  /// Whether a batch normalization is among the layers, or among those that they are made of.
  fileprivate var normalizesBatches: Bool {
    func isOrHas(_ value: JSONValue) -> Bool {
      value["type"]?.string == BatchNorm.type
        || (value.array ?? value.object?.map(\.value) ?? []).contains(where: isOrHas)
    }
    return isOrHas(.object(json))
  }
}
