import Tensor

/// The exponential moving average of a model's weights and running statistics:
/// `average = d · average + (1 − d) · weights` after each step, with `d = min(decay, (1 + t) / (10 +
/// t))` in step `t`, so that the first steps are soon forgotten.
///
/// Polyak and Juditsky, "Acceleration of stochastic approximation by averaging", 1992, in the form
/// of timm's `ModelEma` and, for the rise of the decay, TensorFlow's `ExponentialMovingAverage`.
public final class WeightAverage {
  private let decay: Double
  private let weights: [Tensor]
  private let averages: [Tensor]

  /// Begins with the model's present weights.
  public init(_ model: Model, decay: Double) {
    self.decay = decay
    weights = model.parameters.map(\.value) + model.state.map(\.value)
    averages = weights.map { $0.copy() }
  }

  /// Takes the weights in, after step `step`, counted from 0.
  public func update(step: Int, on device: Device) {
    let kept = min(decay, Double(1 + step) / Double(10 + step))
    for (weight, average) in zip(weights, averages) {
      device.blend(weight, factor: Float(1 - kept), into: average, rest: Float(kept))
    }
  }

  /// Gives the model the average during `body`.
  public func whileInUse<Result>(_ body: () throws -> Result) rethrows -> Result {
    exchange()
    defer { exchange() }
    return try body()
  }

  private func exchange() {
    for (weight, average) in zip(weights, averages) {
      for i in 0..<weight.count { swap(&weight[i], &average[i]) }
    }
  }
}
