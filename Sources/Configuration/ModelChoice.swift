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

/// A tuned set of training options that belongs to a model. It decides what nobody else did.
public struct Recipe: Equatable, Sendable {
  public let name: String
  /// Values by option name, as in a configuration file.
  public let values: JSONObject

  public init(name: String, values: JSONObject) {
    self.name = name
    self.values = values
  }
}

/// What a model costs, layer by layer, for images of a given shape and number of classes.
public struct ModelSummary: Sendable {
  public struct Layer: Equatable, Sendable {
    /// The name in a checkpoint: `conv1`, or what stands behind that of the layer around it.
    public let name: String
    /// How many layers are around it.
    public let depth: Int
    /// The `"type"` in a model file: `conv2d`.
    public let type: String
    /// What else tells it from its like, with `x` between extents: `3 x 3`, `relu`, or empty.
    public let detail: String
    /// `[H, W, C]` or `[C]`.
    public let outputShape: [Int]
    /// Trainable numbers, those of the layers within included.
    public let parameters: Int
    /// Of one image's forward pass, likewise.
    public let multiplyAdds: Int
  }

  public let name: String
  /// `[H, W, C]`.
  public let inputShape: [Int]
  public let classes: Int
  /// Each layer is followed by those within it.
  public let layers: [Layer]
  /// Numbers that training changes without gradients, such as means and variances.
  public let statistics: Int

  /// Trainable numbers.
  public let parameters: Int
  public let multiplyAdds: Int
  /// The size of all parameters and statistics, 4 bytes each.
  public var bytes: Int { boundedProduct(4, parameters + statistics) }

  /// Allocates nothing.
  ///
  /// - Throws: ``ModelError`` if a layer does not fit.
  public init(
    _ description: ModelDescription, inputShape: Shape = [28, 28, 1], classes: Int = 47
  ) throws {
    let model = try ModelOutline(description, inputShape: inputShape, classes: classes)
    name = description.name
    self.inputShape = inputShape.array
    self.classes = classes
    layers = Self.rows(model.chain)
    parameters = model.parameters
    multiplyAdds = model.multiplyAdds
    statistics = model.statistics
  }

  /// A row for each layer and for those within it.
  private static func rows(
    _ chain: ChainOutline, depth: Int = 0, prefix: String = ""
  ) -> [Layer] {
    chain.elements.flatMap { element in
      let outline = element.outline
      let row = Layer(
        name: prefix + element.name, depth: depth, type: Swift.type(of: element.description).type,
        detail: detail(element.description.options), outputShape: outline.outputShape.array,
        parameters: outline.parameters, multiplyAdds: outline.multiplyAdds)
      return [row]
        + outline.branches.flatMap {
          rows($0.chain, depth: depth + 1, prefix: $0.prefix.isEmpty ? "" : "\($0.prefix).")
        }
    }
  }

  private static func detail(_ options: JSONObject) -> String {
    if let size = (options["kernel_size"] ?? options["size"])?.int { return "\(size) x \(size)" }
    if let heads = options["heads"]?.int { return heads == 1 ? "1 head" : "\(heads) heads" }
    return options["function"]?.string ?? (options["rate"] ?? options["drop_path"])?.text() ?? ""
  }
}
