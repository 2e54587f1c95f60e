import NN
import Support
import Tensor

/// What is left to choose about a preset's layers once their kind is chosen; `nil` leaves it as it
/// is.
public struct LayerTuning: Equatable, Sendable {
  /// Parameters of activations, by the names of their options.
  public var activationParameters: [String: Double] = [:]
  public var batchNormMomentum: Double?
  public var batchNormEpsilon: Double?
  public var batchNormFrozen: Bool?
  public var spatialDropout: Double?
  public var dropPath: Double?

  public init() {}
}

extension ConfigurationOption {
  /// The parameters of activations and normalizations, and what training leaves out by the way.
  static let tuning = activationParameters + layerParameters

  private static let layerParameters: [ConfigurationOption] = [
    .init(
      "batch_norm_momentum", \.tuning.batchNormMomentum, .number(in: 0..<1), "X", in: .model,
      help: "weight of a batch in the running statistics (without: 0.1)"),
    .init(
      "batch_norm_epsilon", \.tuning.batchNormEpsilon, .number(in: 0..<1), "X", in: .model,
      help: "added to the variance (without: 1e-5)"),
    .init(
      "batch_norm_frozen", \.tuning.batchNormFrozen, .truth, in: .model,
      help: "train with the running statistics, and leave them, for --init-from"),
    .init(
      "spatial_dropout", \.tuning.spatialDropout, .number(in: 0..<1), "P", in: .model,
      help: "share of channels dropped behind each convolution (without: 0)"),
    .init(
      "drop_path", \.tuning.dropPath, .number(in: 0..<1), "P", in: .model,
      help: "stochastic depth: share of images that skip the last residual branch, fewer the "
        + "earlier ones (without: 0)"),
  ]
}

extension ConfigurationOption {
  /// An option for each activation that has a parameter.
  private static let activationParameters: [ConfigurationOption] =
    ActivationKind.allCases.compactMap(\.parameter).map { parameter in
      .init(
        parameter.option, \.tuning.activationParameters[parameter.option],
        .number(in: parameter.range), "X", in: .model,
        help: "\(parameter.help) (without: \(parameter.usualText))")
    }
}

extension ActivationKind.Parameter {
  /// What it is where nobody says: `1` and not `1.0`.
  fileprivate var usualText: String {
    usual == usual.rounded() ? "\(Int(usual))" : "\(usual)"
  }
}

extension TrainingConfiguration {
  /// The activation that the options ask for, with its parameter.
  ///
  /// - Throws: ``ModelError/optionNeedsActivation(option:activation:)``.
  func activationFunction() throws -> ActivationFunction? {
    for kind in ActivationKind.allCases where kind != activation {
      guard let option = kind.parameter?.option, tuning.activationParameters[option] != nil
      else { continue }
      throw ModelError.optionNeedsActivation(
        option: ConfigurationOption.known(option).flag, activation: kind.rawValue)
    }
    return activation.map { kind in
      let given = kind.parameter.flatMap { tuning.activationParameters[$0.option] }
      return ActivationFunction(kind, parameter: given.map(Float.init))
    }
  }
}
