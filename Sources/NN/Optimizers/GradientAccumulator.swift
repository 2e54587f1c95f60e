import Tensor

/// The mean of several batches' gradients, as a loop in PyTorch makes it that divides the loss by
/// the number of batches: with batches of one size it is the gradient of one large batch, but for
/// batch normalization and dropout.
public final class GradientAccumulator {
  private let parameters: [Parameter]
  private let sums: [Tensor]
  private var count = 0

  public init(_ parameters: [Parameter]) {
    self.parameters = parameters
    sums = parameters.map { Tensor(zeros: $0.gradient.shape) }
  }

  /// Adds the gradients of a backward pass.
  public func add(on device: Device) {
    for (parameter, sum) in zip(parameters, sums) {
      if count == 0 {
        sum.assign(parameter.gradient)
      } else {
        device.add(parameter.gradient, to: sum)
      }
    }
    count += 1
  }

  /// Replaces the gradients by the mean of those that were added since the last time.
  public func takeMean(on device: Device) {
    guard count > 1 else { return count = 0 }
    for (parameter, sum) in zip(parameters, sums) {
      device.blend(sum, factor: 1 / Float(count), into: parameter.gradient, rest: 0)
    }
    count = 0
  }
}
