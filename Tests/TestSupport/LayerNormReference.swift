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
