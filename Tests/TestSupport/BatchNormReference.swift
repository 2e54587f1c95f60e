import Tensor

/// Batch normalization of the rows of `[…, C]` and its gradients, from their definitions.
public struct BatchNormReference {
  public var mean: Reference
  /// The biased variance.
  public var variance: Reference
  public var y: Reference

  private let x: Reference
  private let gamma: Reference
  private let epsilon: Double
  private let rectifying: Bool

  /// `y = γ (x − mean) / √(variance + ε) + β`, then `max(0, y)` if `rectifying`.
  public init(
    _ x: Reference, gamma: Reference, beta: Reference, epsilon: Double, rectifying: Bool
  ) {
    (self.x, self.gamma, self.epsilon, self.rectifying) = (x, gamma, epsilon, rectifying)
    let channels = x.columns
    mean = Reference(zeros: [channels])
    variance = Reference(zeros: [channels])
    y = Reference(zeros: x.shape)
    for (index, value) in x.values.enumerated() {
      mean.add(value / Double(x.rows), at: index % channels)
    }
    for (index, value) in x.values.enumerated() {
      let deviation = value - mean.values[index % channels]
      variance.add(deviation * deviation / Double(x.rows), at: index % channels)
    }
    for index in x.values.indices {
      let channel = index % channels
      let factor = gamma.values[channel] / (variance.values[channel] + epsilon).squareRoot()
      y.add(factor * x.values[index], at: index)
      y.add(-factor * mean.values[channel], at: index)
      y.add(beta.values[channel], at: index)
    }
    if rectifying { y.rectify() }
  }

  /// The gradients, mean and variance being functions of `x` as well.
  public func gradients(_ dy: Reference) -> (x: Reference, gamma: Reference, beta: Reference) {
    let channels = x.columns
    let rows = Double(x.rows)
    var (dx, dGamma, dBeta) = (
      Reference(zeros: x.shape), Reference(zeros: [channels]), Reference(zeros: [channels])
    )
    func inverse(_ channel: Int) -> Double {
      1 / (variance.values[channel] + epsilon).squareRoot()
    }
    func normalized(_ index: Int) -> Double {
      (x.values[index] - mean.values[index % channels]) * inverse(index % channels)
    }
    func passed(_ index: Int) -> Double {
      rectifying && y.values[index] <= 0 ? 0 : dy.values[index]
    }
    for index in x.values.indices {
      dBeta.add(passed(index), at: index % channels)
      dGamma.add(passed(index) * normalized(index), at: index % channels)
    }
    for index in x.values.indices {
      let channel = index % channels
      let scale = gamma.values[channel] * inverse(channel)
      dx.add(scale * passed(index), at: index)
      dx.add(-scale * dBeta.values[channel] / rows, at: index)
      dx.add(-scale * normalized(index) * dGamma.values[channel] / rows, at: index)
    }
    return (dx, dGamma, dBeta)
  }
}
