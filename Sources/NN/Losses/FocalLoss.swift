import Support
import Tensor

/// The focal loss, which counts less what is already right:
///
///     ℓ = −Σ_c weight_c · target_c · (1 − p_c)^γ · log p_c
///
/// Lin, Goyal, Girshick, He and Dollár, "Focal loss for dense object detection", 2017, for many
/// classes. Weights, smoothing and the mean are as in ``SoftmaxCrossEntropy``, which `γ = 0` is.
public struct FocalLoss: Loss {
  private let rows: ProbabilityLoss<FocalTerm>

  /// A loss for batches of up to `batch` rows.
  ///
  /// - Parameters:
  ///   - gamma: at least 0.
  ///   - weights: of each class, the paper's α; `nil` if all are 1.
  public init(
    gamma: Double, labelSmoothing: Double = 0, weights: [Double]? = nil, batch: Int
  ) {
    rows = ProbabilityLoss(
      FocalTerm(gamma: gamma), labelSmoothing: labelSmoothing, weights: weights, batch: batch)
  }

  public func callAsFunction(
    _ logits: Tensor, _ targets: Targets, on device: Device
  ) -> LossResult {
    rows(logits, targets, on: device)
  }
}

/// `−aim · (1 − p)^γ · log p`.
private struct FocalTerm: ProbabilityTerm {
  let gamma: Double
  var weighsWholeRows: Bool { false }

  func callAsFunction(logP: Double, aim: Double) -> (loss: Double, slope: Double) {
    guard aim != 0 else { return (0, 0) }
    // p · d/dp = (1 − p)^γ (γ p log p / (1 − p) − 1), where log p / (1 − p) is −1 at p = 1.
    let rest = max(0, -exponentialMinusOne(logP))
    let factor = power(rest, gamma)
    let ratio = rest > 0 ? logP / rest : -1
    return (-aim * factor * logP, aim * factor * (gamma * exponential(logP) * ratio - 1))
  }
}

extension LossDescriptor {
  public static let focal = LossDescriptor(
    "focal", "cross-entropy that counts less what is already right", uses: [.init(.gamma, 2)]
  ) { place, values in
    FocalLoss(
      gamma: values[.gamma], labelSmoothing: place.labelSmoothing, weights: place.weights,
      batch: place.batch)
  }
}

extension Setting<Double> {
  fileprivate static var gamma: Self {
    Self(
      "focal_gamma", .number(atLeast: 0), "X",
      help: "how little the focal loss counts what is already right (default: 2)")
  }
}
