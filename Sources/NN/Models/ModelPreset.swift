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
  let layers: @Sendable (PresetOptions) -> [any LayerDescription]

  /// Every preset. Adding one is a file and an entry here.
  public static let all: [ModelPreset] = [.cnn, .mlp]

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
  /// - Throws: ``ModelError/optionDoesNotApply(option:model:)``.
  public func description(_ options: PresetOptions = PresetOptions()) throws -> ModelDescription {
    for option in options.given where !shapedBy.contains(option) {
      throw ModelError.optionDoesNotApply(
        option: option.split(separator: "_").joined(separator: "-"), model: name)
    }
    return ModelDescription(name: name, layers: layers(options))
  }
}

/// What a person may change about a preset; `nil` leaves it as it is.
public struct PresetOptions: Sendable {
  /// Units of each hidden dense layer.
  public var hidden: [Int]?
  /// Filters of each convolution.
  public var filters: [Int]?
  public var kernelSize: Int?
  public var activation: ActivationFunction?
  public var dropout: Double?
  public var batchNorm: Bool?

  public init() {}

  /// The names of the options that are set.
  var given: [String] {
    var names: [String] = []
    if hidden != nil { names.append("hidden") }
    if filters != nil { names.append("filters") }
    if kernelSize != nil { names.append("kernel_size") }
    if activation != nil { names.append("activation") }
    if dropout != nil { names.append("dropout") }
    if batchNorm != nil { names.append("batch_norm") }
    return names
  }
}
