import Foundation

/// A loss of one row, by its definition: from the probabilities, the target of each class, the
/// weight of each class and the label.
public typealias RowLossReference =
  @Sendable (_ p: [Double], _ aim: [Double], _ weights: [Double], _ label: Int) -> Double

/// The mean of a loss over the rows of `[N, C]`, weighted by the labels' weights.
public func meanLossReference(
  _ logits: Reference, labels: [UInt16], smoothing: Double, weights: [Double],
  _ loss: RowLossReference
) -> Double {
  let (p, columns) = (softmaxReference(logits).values, logits.columns)
  var (sum, weight) = (0.0, 0.0)
  for (row, label) in labels.enumerated() {
    var aim = [Double](repeating: smoothing / Double(columns), count: columns)
    aim[Int(label)] += 1 - smoothing
    sum += loss(Array(p[row * columns..<(row + 1) * columns]), aim, weights, Int(label))
    weight += weights[Int(label)]
  }
  return sum / weight
}

/// `−Σ weight · aim · log p`.
public let crossEntropyReference: RowLossReference = { p, aim, weights, _ in
  -p.indices.reduce(0) { $0 + weights[$1] * aim[$1] * log(p[$1]) }
}

/// `−Σ weight · aim · (1 − p)^γ · log p`.
public func focalReference(gamma: Double) -> RowLossReference {
  { p, aim, weights, _ in
    -p.indices.reduce(0) { $0 + weights[$1] * aim[$1] * pow(1 - p[$1], gamma) * log(p[$1]) }
  }
}

/// The label's weight times the mean of `(p − aim)²`.
public let squaredErrorReference: RowLossReference = { p, aim, weights, label in
  weights[label] * p.indices.reduce(0) { $0 + pow(p[$1] - aim[$1], 2) } / Double(p.count)
}
