import Foundation
import Tensor

/// Probabilities of the rows of `[N, C]`.
public func softmaxReference(_ x: Reference) -> Reference {
  var p = x
  for row in 0..<x.rows {
    let range = row * x.columns..<(row + 1) * x.columns
    let top = x.values[range].reduce(-Double.infinity, Double.maximum)
    let total = x.values[range].reduce(0) { $0 + exp($1 - top) }
    for index in range { p.values[index] = exp(x.values[index] - top) / total }
  }
  return Reference(p.values, shape: x.shape)
}

/// What cross-entropy of softmax should give for a batch.
public struct CrossEntropyReference {
  /// The loss of each row: `−Σ target · log p`.
  public var losses: [Double] = []
  /// Whether each row's largest logit, the first of equals, is the label's.
  public var hits: [Bool] = []
  /// The gradient of the mean loss, `(p − target) / N`.
  public var gradient: Reference

  /// From logits `[N, C]`; the target of the other classes is `smoothing / C`.
  public init(_ logits: Reference, labels: [UInt16], smoothing: Double) {
    let columns = logits.columns
    gradient = softmaxReference(logits)
    for row in 0..<logits.rows {
      let x = logits.values[row * columns..<(row + 1) * columns]
      let top = x.reduce(-Double.infinity, Double.maximum)
      let logSum = top + log(x.reduce(0) { $0 + exp($1 - top) })
      var loss = 0.0
      for column in 0..<columns {
        let isLabel = column == Int(labels[row])
        let target = smoothing / Double(columns) + (isLabel ? 1 - smoothing : 0)
        let index = row * columns + column
        loss += target * (logSum - logits.values[index])
        gradient.values[index] = (gradient.values[index] - target) / Double(logits.rows)
        gradient.magnitudes[index] = (gradient.magnitudes[index] + target) / Double(logits.rows)
      }
      losses.append(loss)
      hits.append(x.firstIndex(of: top) == x.startIndex + Int(labels[row]))
    }
  }
}
