import Support

/// A model that cannot be read or built.
public enum ModelError: UserError, Equatable {
  case unknownModel(name: String)
  case optionDoesNotApply(option: String, model: String)
  case optionNeedsActivation(option: String, activation: String)
  case optionNeedsNormalization(option: String, model: String)
  case optionNeedsGroups(option: String, model: String)
  case normalizationsDiffer
  case wrongFilterCount(given: Int, needed: Int, model: String)
  case nothingToWhiten(model: String)
  case noLayers(path: String)
  case layerWithoutType(path: String, place: String)
  case unknownLayer(path: String, place: String, type: String)
  case badLayer(path: String, place: String, problem: String)
  case doesNotFit(model: String, layer: String, problem: String)
  case wrongOutput(model: String, shape: String, classes: Int)

  public var exitCode: ExitCode {
    switch self {
    case .unknownModel, .optionDoesNotApply, .optionNeedsActivation, .optionNeedsNormalization,
      .optionNeedsGroups, .normalizationsDiffer, .wrongFilterCount, .nothingToWhiten:
      .usage
    default: .configuration
    }
  }

  public var description: String {
    switch self {
    case .unknownModel(let name):
      "unknown model '\(name)'\(Self.hint(name, ModelPreset.all.map(\.name)))"
        + " choose \(ModelPreset.all.map(\.name).asChoices), or a model file that ends in .json"
    case .optionDoesNotApply(let option, let model):
      "'\(option)' does not apply to the model '\(model)'; leave it out"
    case .optionNeedsActivation(let option, let activation):
      "'\(option)' is of use only together with 'activation' \(activation); give both"
    case .optionNeedsNormalization(let option, let model):
      "'\(option)' is of use only with batch normalization, which the model '\(model)' is without"
    case .optionNeedsGroups(let option, let model):
      "'\(option)' is of use only with group normalization, which the model '\(model)' is without"
    case .normalizationsDiffer:
      "'batch-norm' and 'norm' ask for different normalizations; leave one of them out"
    case .wrongFilterCount(let given, let needed, let model):
      "'filters' has \(given == 1 ? "one number" : "\(given) numbers"), but the model '\(model)' "
        + "needs \(needed)"
    case .nothingToWhiten(let model):
      "'init' whitening needs a convolution as the first layer with weights, which the model "
        + "'\(model)' is without; choose another initializer"
    case .noLayers(let path):
      "\(path): needs a key 'layers' with at least one layer"
    case .layerWithoutType(let path, let place):
      "\(path): \(place) needs a key 'type'; choose \(layerKinds.map { $0.type }.asChoices)"
    case .unknownLayer(let path, let place, let type):
      "\(path): \(place): unknown type '\(type)'\(Self.hint(type, layerKinds.map { $0.type }))"
        + " choose \(layerKinds.map { $0.type }.asChoices)"
    case .badLayer(let path, let place, let problem): "\(path): \(place): \(problem)"
    case .doesNotFit(let model, let layer, let problem):
      "model '\(model)', layer '\(layer)': \(problem)"
    case .wrongOutput(let model, let shape, let classes):
      "model '\(model)': its last layer gives \(shape), but the data has \(classes) classes; "
        + "end it with {\"type\": \"dense\", \"units\": \"classes\"}"
    }
  }

  /// The problem of a layer of this model.
  init(_ problem: LayerProblem, in model: ModelDescription) {
    self = .doesNotFit(model: model.name, layer: problem.layer, problem: problem.text)
  }

  private static func hint(_ name: String, _ known: [String]) -> String {
    nearestName(to: name, in: known).map { "; did you mean '\($0)'?" } ?? ";"
  }
}
