import NN

/// The values of `--loss`.
public enum LossName: String, CaseIterable, Sendable {
  case crossEntropy = "cross_entropy", focal, mse
}

/// What training makes small, and what a batch is made into for it.
public struct LossOptions: Equatable, Sendable {
  public var loss = LossName.crossEntropy
  /// Of the focal loss; `nil`: 2.
  public var focalGamma: Double?
  /// `nil`: all classes count alike.
  public var classWeights: ClassWeights?
  /// Of mixup; `nil` or 0: not used.
  public var mixup: Double?
  /// Of cutmix; `nil` or 0: not used.
  public var cutmix: Double?

  public init() {}
}
