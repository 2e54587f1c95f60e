import Tensor

/// Layer normalization of the rows of `[…, C]` and its gradients, from their definitions.
public struct LayerNormReference {
  public var y: Reference
  private let x: Reference
  private let gamma: Reference
  /// `(x − mean) / √(variance + ε)`.
  private var normalized: [Double]
  /// `1 / √(variance + ε)` of each row.
  private var inverses: [Double] = []

  /// `y = γ (x − mean) / √(variance + ε) + β`.
  public init(_ x: Reference, gamma: Reference, beta: Reference, epsilon: Double) {
    (self.x, self.gamma) = (x, gamma)
    y = Reference(zeros: x.shape)
    normalized = x.values
    let columns = x.columns
    for row in 0..<x.rows {
      let range = row * columns..<(row + 1) * columns
      let mean = x.values[range].reduce(0, +) / Double(columns)
      let variance =
        x.values[range].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
      let inverse = 1 / (variance + epsilon).squareRoot()
      inverses.append(inverse)
      for index in range {
        let column = index - range.lowerBound
        normalized[index] = (x.values[index] - mean) * inverse
        y.add(gamma.values[column] * x.values[index] * inverse, at: index)
        y.add(-gamma.values[column] * mean * inverse, at: index)
        y.add(beta.values[column], at: index)
      }
    }
  }

  /// The gradients, mean and variance being functions of `x` as well.
  public func gradients(_ dy: Reference) -> (x: Reference, gamma: Reference, beta: Reference) {
    let columns = x.columns
    var (dx, dGamma, dBeta) = (
      Reference(zeros: x.shape), Reference(zeros: [columns]), Reference(zeros: [columns])
    )
    for row in 0..<x.rows {
      let range = row * columns..<(row + 1) * columns
      for index in range {
        let column = index - range.lowerBound
        dGamma.add(dy.values[index] * normalized[index], at: column)
        dBeta.add(dy.values[index], at: column)
        dx.add(inverses[row] * dy.values[index] * gamma.values[column], at: index)
        for other in range {
          let g = dy.values[other] * gamma.values[other - range.lowerBound]
          let share = inverses[row] / Double(columns)
          dx.add(-share * g, at: index)
          dx.add(-share * g * normalized[other] * normalized[index], at: index)
        }
      }
    }
    return (dx, dGamma, dBeta)
  }
}

/// Group normalization of `[N, …, C]`, from its definition: for each item and group
/// `y = γ (x − mean) / √(variance + ε) + β`.
public func groupNormReference(
  _ x: Reference, groups: Int, gamma: Reference, beta: Reference, epsilon: Double
) -> Reference {
  var y = Reference(zeros: x.shape)
  let (channels, size) = (x.columns, x.values.count / x.shape[0])
  for item in 0..<x.shape[0] {
    for group in 0..<groups {
      let members = (item * size..<(item + 1) * size).filter {
        $0 % channels / (channels / groups) == group
      }
      let mean = members.reduce(0) { $0 + x.values[$1] } / Double(members.count)
      let squares = members.reduce(0) { $0 + (x.values[$1] - mean) * (x.values[$1] - mean) }
      let deviation = (squares / Double(members.count) + epsilon).squareRoot()
      for index in members {
        let normalized = (x.values[index] - mean) / deviation
        y.add(
          gamma.values[index % channels] * normalized + beta.values[index % channels], at: index)
      }
    }
  }
  return y
}

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
