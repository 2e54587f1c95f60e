import NN
import Support
import Tensor

/// What is left to choose about a preset's layers once their kind is chosen; `nil` leaves it as it
/// is.
public struct LayerTuning: Equatable, Sendable {
  public var negativeSlope: Double?
  public var eluAlpha: Double?
  public var batchNormMomentum: Double?
  public var batchNormEpsilon: Double?
  public var batchNormFrozen: Bool?
  public var spatialDropout: Double?
  public var dropPath: Double?

  public init() {}
}

extension ConfigurationOption {
  /// The parameters of activations and normalizations, and what training leaves out by the way.
  static let tuning: [ConfigurationOption] = [
    .init(
      "negative_slope", \.tuning.negativeSlope, .number(in: 0..<1), "X", in: .model,
      help: "slope of leaky_relu below zero (without: 0.01)"),
    .init(
      "elu_alpha", \.tuning.eluAlpha, .number(in: 0..<100), "X", in: .model,
      help: "what elu falls to below zero, as -X (without: 1)"),
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

extension TrainingConfiguration {
  /// The activation that the options ask for, with its parameter.
  ///
  /// - Throws: ``ModelError/optionNeedsActivation(option:activation:)``.
  func activationFunction() throws -> ActivationFunction? {
    let parameters: [(option: String, value: Double?, of: ActivationName)] = [
      ("negative_slope", tuning.negativeSlope, .leakyReLU), ("elu_alpha", tuning.eluAlpha, .elu),
    ]
    for parameter in parameters where parameter.value != nil && activation != parameter.of {
      throw ModelError.optionNeedsActivation(
        option: ConfigurationOption.known(parameter.option).flag,
        activation: parameter.of.rawValue)
    }
    return activation.flatMap {
      ActivationFunction(
        name: $0.rawValue, slope: Float(tuning.negativeSlope ?? 0.01),
        alpha: Float(tuning.eluAlpha ?? 1))
    }
  }
}
