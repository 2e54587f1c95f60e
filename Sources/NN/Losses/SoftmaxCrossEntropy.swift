import Support
import Tensor

/// The cross-entropy of a softmax (`torch.nn.CrossEntropyLoss`):
///
///     ℓ = −Σ_c weight_c · target_c · log p_c
///
/// where the target is `1 − smoothing + smoothing / C` for the label and `smoothing / C` for the
/// other classes. The mean over a batch is weighted by the labels' weights, smoothing or not.
public struct SoftmaxCrossEntropy: Loss {
  /// The share of the target that is spread over all classes (Szegedy et al., "Rethinking the
  /// Inception architecture", 2016).
  public let labelSmoothing: Float
  private let isWeighted: Bool
  private let rowResults: Tensor
  private let general: ProbabilityLoss<CrossEntropyTerm>

  /// A loss for batches of up to `batch` rows.
  ///
  /// - Parameter weights: of each class; `nil` if all are 1.
  public init(labelSmoothing: Double = 0, weights: [Double]? = nil, batch: Int) {
    self.labelSmoothing = Float(labelSmoothing)
    isWeighted = weights != nil
    rowResults = Tensor(zeros: [3, batch])
    general = ProbabilityLoss(
      CrossEntropyTerm(), labelSmoothing: labelSmoothing, weights: weights, batch: batch)
  }

  /// The fused, stable form where classes count alike and no row has two of them.
  public func callAsFunction(
    _ logits: Tensor, _ targets: Targets, on device: Device
  ) -> LossResult {
    guard !isWeighted, !targets.areMixed else { return general(logits, targets, on: device) }
    let rows = logits.shape[0]
    let (sum, hits) = self(logits, labels: targets.labels, on: device)
    return LossResult(sum: sum, weight: Double(rows), hits: hits, rows: rows)
  }

  /// The sum of the rows' losses and how many rows are right, without weights; overwrites `logits`
  /// `[N, C]` with the gradient of the mean loss.
  public func callAsFunction(
    _ logits: Tensor, labels: [UInt16], on device: Device
  ) -> (lossSum: Double, hits: Int) {
    device.softmaxCrossEntropy(
      logits, labels: labels, smoothing: labelSmoothing, rowResults: rowResults, gradient: logits)
  }
}

/// `−aim · log p`.
private struct CrossEntropyTerm: ProbabilityTerm {
  var weighsWholeRows: Bool { false }

  func callAsFunction(logP: Double, aim: Double) -> (loss: Double, slope: Double) {
    aim == 0 ? (0, 0) : (-aim * logP, -aim)
  }
}

extension LossDescriptor {
  public static let crossEntropy = LossDescriptor(
    "cross_entropy", "the surprise at the label"
  ) { place, _ in
    SoftmaxCrossEntropy(
      labelSmoothing: place.labelSmoothing, weights: place.weights, batch: place.batch)
  }
}
