import Support
import Tensor

/// The mean squared error of the softmax probabilities against the one-hot target, as a Keras
/// model with a softmax and `loss="mse"` has it:
///
///     ℓ = 1 / C · Σ_c (p_c − target_c)²
///
/// For teaching: where the model is sure and wrong, its gradient vanishes. A row's weight is its
/// label's.
public struct MeanSquaredError: Loss {
  private let rows: ProbabilityLoss<SquaredErrorTerm>

  /// A loss for batches of up to `batch` rows over `classes` classes.
  ///
  /// - Parameter weights: of each class; `nil` if all are 1.
  public init(labelSmoothing: Double = 0, weights: [Double]? = nil, classes: Int, batch: Int) {
    rows = ProbabilityLoss(
      SquaredErrorTerm(share: 1 / Double(classes)), labelSmoothing: labelSmoothing,
      weights: weights, batch: batch)
  }

  public func callAsFunction(
    _ logits: Tensor, _ targets: Targets, on device: Device
  ) -> LossResult {
    rows(logits, targets, on: device)
  }
}

/// `(p − aim)² / C`.
private struct SquaredErrorTerm: ProbabilityTerm {
  let share: Double
  var weighsWholeRows: Bool { true }

  func callAsFunction(logP: Double, aim: Double) -> (loss: Double, slope: Double) {
    let p = exponential(logP)
    return (share * (p - aim) * (p - aim), 2 * share * p * (p - aim))
  }
}

extension LossDescriptor {
  public static let mse = LossDescriptor(
    "mse", "the mean square of the probabilities' errors, for teaching"
  ) { place, _ in
    MeanSquaredError(
      labelSmoothing: place.labelSmoothing, weights: place.weights, classes: place.classes,
      batch: place.batch)
  }
}
