import NN
import Support

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

  /// How the training loop takes the images.
  public static let loop: [ConfigurationOption] = [
    .init(
      "accumulate", \.loop.accumulate, .wholeNumber(in: 1...65_536), "N", in: .training,
      help: "batches whose mean gradient makes one update"),
    .init(
      "overfit_batches", \.loop.overfitBatches, .wholeNumber(atLeast: 1), "N", in: .training,
      help: "learn the first N batches by heart, in order, and validate on them"),
    .init(
      "folds", \.loop.folds, .wholeNumber(in: 2...1_000), "K", in: .training,
      help: "cross-validate: K trainings, each validated on another K-th of the images"),
  ]
}
