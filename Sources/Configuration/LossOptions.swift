import NN

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
