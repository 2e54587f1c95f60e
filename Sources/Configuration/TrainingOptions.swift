import NN
import Support

/// What training makes small, and what a batch is made into for it.
public struct LossOptions: Equatable, Sendable {
  public var loss = LossDescriptor.crossEntropy
  /// `nil`: all classes count alike.
  public var classWeights: ClassWeights?
  /// Of mixup; `nil` or 0: not used.
  public var mixup: Double?
  /// Of cutmix; `nil` or 0: not used.
  public var cutmix: Double?

  public init() {}
}

extension ConfigurationOption {
  /// What training makes small. Validation and test always measure the plain cross-entropy.
  public static let loss: [ConfigurationOption] =
    [
      .init(
        "loss", \.loss.loss, .choice(of: "loss"), "NAME", in: .training,
        help: "what training makes small")
    ] + settings(of: LossDescriptor.self, in: .training) + [
      .init(
        "class_weights", \.loss.classWeights, .classWeights, "X,X", in: .training,
        help: "weight of each class in the loss, or 'balanced' so that rare ones count as much"),
      .init(
        "mixup", \.loss.mixup, .number(atLeast: 0), "ALPHA", in: .training,
        help: "blend images and labels in pairs, shares from Beta(ALPHA, ALPHA)"),
      .init(
        "cutmix", \.loss.cutmix, .number(atLeast: 0), "ALPHA", in: .training,
        help: "paste a box of one image into another; with --mixup each batch draws one"),
    ]
}

/// How the training loop takes the images.
public struct LoopOptions: Equatable, Sendable {
  /// Batches whose gradients make one update.
  public var accumulate = 1
  /// The batches that are learned by heart; `nil`: all images are used.
  public var overfitBatches: Int?
  /// Parts of a cross-validation; `nil`: one training.
  public var folds: Int?
  /// Trainings of the same with several seeds; `nil`: one training.
  public var repeats: Int?
  public var onDivergence = DivergenceResponse.stop

  public init() {}
}

/// What becomes of a training that comes to numbers that are not finite.
public enum DivergenceResponse: String, CaseIterable, Sendable {
  case stop
  /// It goes back to its last checkpoint and on with half the rate, at most three times.
  case restore
}

extension ConfigurationOption {
  /// How the training loop takes the images.
  public static let loop: [ConfigurationOption] = [
    .init(
      "accumulate", \.loop.accumulate, .wholeNumber(in: 1...65_536), "N", in: .training,
      help: "batches whose gradients, weighed by their images, make one update"),
    .init(
      "overfit_batches", \.loop.overfitBatches, .wholeNumber(atLeast: 1), "N", in: .training,
      help: "learn the first N batches by heart, in order, and validate on them"),
    .init(
      "folds", \.loop.folds, .wholeNumber(in: 2...1_000), "K", in: .training,
      help: "cross-validate: K trainings, each validated on another K-th of the images"),
    .init(
      "repeats", \.loop.repeats, .wholeNumber(in: 1...1_000), "N", in: .training,
      help: "train N times on the same images, with seeds --seed, --seed + 1, …, each tested"),
    .init(
      "on_divergence", \.loop.onDivergence, .choice(of: "response to divergence"), "NAME",
      in: .training,
      help: "when a number is not finite: stop, or restore the last epoch and halve the rate, at "
        + "most 3 times"),
  ]
}

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
      help: "validate, test and keep as best the moving average of the weights, as 0.999, which "
        + "rises to that as (1 + step) / (10 + step); 0: the weights themselves"),
  ]
}
