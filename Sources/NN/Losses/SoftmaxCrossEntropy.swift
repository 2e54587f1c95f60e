import Tensor

/// The cross-entropy of a softmax, in its fused, stable form (`torch.nn.CrossEntropyLoss`).
public struct SoftmaxCrossEntropy: Sendable {
  /// The share of the target that is spread over all classes (Szegedy et al., "Rethinking the
  /// Inception architecture", 2016).
  public let labelSmoothing: Float
  private let rowResults: Tensor

  /// A loss for batches of up to `batch` rows.
  public init(labelSmoothing: Double = 0, batch: Int) {
    self.labelSmoothing = Float(labelSmoothing)
    rowResults = Tensor(zeros: [3, batch])
  }

  /// The sum of the rows' losses and how many rows are right; overwrites `logits` `[N, C]` with the
  /// gradient of the mean loss.
  public func callAsFunction(
    _ logits: Tensor, labels: [UInt8], on device: Device
  ) -> (lossSum: Double, hits: Int) {
    device.softmaxCrossEntropy(
      logits, labels: labels, smoothing: labelSmoothing, rowResults: rowResults, gradient: logits)
  }
}
