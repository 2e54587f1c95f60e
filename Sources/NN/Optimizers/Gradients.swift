import Tensor

/// What is done to the gradients before the optimizer sees them: first the penalties' gradients are
/// added, then each element is limited, then their norm.
///
/// - The penalties `l1 · Σ|w| + l2 · Σw²` over the parameters that decay are those of
///   `keras.regularizers.L1L2` (Tibshirani, "Regression shrinkage and selection via the lasso",
///   1996; Hoerl and Kennard, "Ridge regression", 1970). A decay of `d` in PyTorch's SGD is an `l2`
///   of `d / 2`. The loss that is reported is without them: that of training and that of validation
///   can be compared, and it is the same quantity whatever the penalty.
/// - ``clipValue`` is `torch.nn.utils.clip_grad_value_`, ``clipNorm`` is `clip_grad_norm_` with the
///   Euclidean norm over all parameters together (Pascanu, Mikolov and Bengio, "On the difficulty
///   of training recurrent neural networks", 2013).
public struct GradientRules: Equatable, Sendable {
  public var l1: Double
  public var l2: Double
  /// The largest magnitude of an element; 0: no limit.
  public var clipValue: Double
  /// The largest norm; 0: no limit.
  public var clipNorm: Double

  public init(l1: Double = 0, l2: Double = 0, clipValue: Double = 0, clipNorm: Double = 0) {
    self.l1 = l1
    self.l2 = l2
    self.clipValue = clipValue
    self.clipNorm = clipNorm
  }

  /// Changes the gradients in place.
  public func apply(to parameters: [Parameter], on device: Device) {
    if l1 > 0 || l2 > 0 {
      for parameter in parameters where parameter.decays {
        device.addPenaltyGradient(
          parameter.value, l1: Float(l1), l2: Float(l2), to: parameter.gradient)
      }
    }
    if clipValue > 0 {
      for parameter in parameters { device.clamp(parameter.gradient, to: Float(clipValue)) }
    }
    guard clipNorm > 0 else { return }
    // PyTorch's guard against a division by zero.
    let factor = clipNorm / (Self.norm(of: parameters, on: device) + 1e-6)
    guard factor < 1 else { return }
    for parameter in parameters { device.scale(parameter.gradient, by: Float(factor)) }
  }

  /// The Euclidean norm of all gradients together.
  static func norm(of parameters: [Parameter], on device: Device) -> Double {
    var squares = 0.0
    for parameter in parameters { squares += device.sumOfSquares(parameter.gradient) }
    return squares.squareRoot()
  }
}

/// The mean of several batches' gradients, as a loop in PyTorch makes it that divides the loss by
/// the number of batches: with batches of one size it is the gradient of one large batch, but for
/// batch normalization and dropout.
public final class GradientAccumulator {
  private let parameters: [Parameter]
  private let sums: [Tensor]
  /// Of the first batch and of all.
  private var (firstImages, images) = (0, 0)

  public init(_ parameters: [Parameter]) {
    self.parameters = parameters
    sums = parameters.map { Tensor(zeros: $0.gradient.shape) }
  }

  /// Adds the gradients of a backward pass over a batch, each the mean over its images.
  ///
  /// An image counts the same in whichever batch it is: a last, smaller one counts less. PyTorch's
  /// common idiom divides each loss by the number of batches, by which its images count more.
  public func add(images count: Int, on device: Device) {
    if images == 0 { firstImages = count }
    for (parameter, sum) in zip(parameters, sums) {
      if images == 0 {
        sum.assign(parameter.gradient)
      } else if count == firstImages {
        device.add(parameter.gradient, to: sum)
      } else {
        let share = Float(count) / Float(firstImages)
        device.blend(parameter.gradient, factor: share, into: sum, rest: 1)
      }
    }
    images += count
  }

  /// Replaces the gradients by the mean over the images of those that were added since the last time.
  public func takeMean(on device: Device) {
    defer { images = 0 }
    guard images > firstImages else { return }
    for (parameter, sum) in zip(parameters, sums) {
      let share = Float(firstImages) / Float(images)
      device.blend(sum, factor: share, into: parameter.gradient, rest: 0)
    }
  }
}
