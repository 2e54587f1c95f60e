/// How the training loop takes the images.
public struct LoopOptions: Equatable, Sendable {
  /// Batches whose gradients make one update.
  public var accumulate = 1
  /// The batches that are learned by heart; `nil`: all images are used.
  public var overfitBatches: Int?
  /// Parts of a cross-validation; `nil`: one training.
  public var folds: Int?

  public init() {}
}
