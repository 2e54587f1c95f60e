import Support

/// What a training does to gradients and weights beside the optimizer's step.
public struct RegularizationOptions: Equatable, Sendable {
  public var l1: Double?
  public var l2: Double?
  public var clipNorm: Double?
  public var clipValue: Double?
  /// The decay of the weights' average; 0: no average.
  public var averageDecay: Double?

  public init() {}
}

extension ConfigurationOption {
  /// Penalties, limits of the gradient, the average of the weights.
  public static let regularization: [ConfigurationOption] = [
    .init(
      "l1", \.regularization.l1, .number(atLeast: 0), "X", in: .regularization,
      help: "penalty X times the sum of the weights' magnitudes; not in the reported loss"),
    .init(
      "l2", \.regularization.l2, .number(atLeast: 0), "X", in: .regularization,
      help: "penalty X times the sum of their squares; not in the reported loss"),
    .init(
      "clip_norm", \.regularization.clipNorm, .number(atLeast: 0), "X", in: .regularization,
      help: "scale the gradient of all weights down to this norm; 0: never"),
    .init(
      "clip_value", \.regularization.clipValue, .number(atLeast: 0), "X", in: .regularization,
      help: "limit each element of the gradient to ±X; 0: never"),
    .init(
      "ema", \.regularization.averageDecay, .number(in: 0..<1), "DECAY", in: .regularization,
      help: "validate, test and keep as best the moving average of the weights, as 0.999; 0: the "
        + "weights themselves"),
  ]
}
