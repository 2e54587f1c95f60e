import KernelBodies
import Support

extension Device {
  /// Probabilities of the rows of `x`, `[N, C]`; `x` and `p` may be the same tensor.
  public func softmax(_ x: Tensor, into p: Tensor) {
    let (rows, columns) = x.shape.asMatrix
    precondition(x.count == p.count, "softmax: \(x.shape) into \(p.shape)")
    parallelRanges(rows, grain: 64) { range in
      for row in range {
        _ = kernels.softmaxRow(
          x.pointer + row * columns, count: columns, to: p.pointer + row * columns)
      }
    }
  }

  /// The cross-entropy of softmax and its gradient, in the fused, stable form.
  ///
  /// The target of row `n` is `1 − smoothing + smoothing / C` for class `labels[n]` and
  /// `smoothing / C` for the others (Szegedy et al., 2016; `torch.nn.CrossEntropyLoss`).
  /// `loss[n] = log Σ exp x − Σ target · x`; the gradient of the mean loss,
  /// `(softmax(x) − target) / N`, overwrites `gradient`, which may be `logits` itself.
  ///
  /// The logarithm is that of a sum of `C` floats, so each loss is off by at most about
  /// `(C / 16 + 8) · 2^-23` in absolute terms, and by as much of itself where it is above 1.
  ///
  /// - Parameter rowResults: `[3, N]`, overwritten with the loss of each row, with 1 where its
  ///   largest logit (the first of equals) is the label's, else 0, and with a part of the loss.
  /// - Returns: the sum of the losses, added in order in double precision, and the number of hits.
  public func softmaxCrossEntropy(
    _ logits: Tensor, labels: [UInt16], smoothing: Float = 0, rowResults: Tensor, gradient: Tensor
  ) -> (lossSum: Double, hits: Int) {
    let (rows, columns) = logits.shape.asMatrix
    precondition(labels.count >= rows && rowResults.count >= 3 * rows, "softmaxCrossEntropy: rows")
    precondition(gradient.count == logits.count, "softmaxCrossEntropy: gradient")
    let row = CrossEntropyRow(
      kernels: kernels, columns: columns, smoothing: smoothing, share: 1 / Float(rows))
    let losses = rowResults.pointer
    let (hits, distances) = (losses + rows, losses + 2 * rows)
    labels.withUnsafeBufferPointer { labels in
      parallelRanges(rows, grain: 64) { range in
        for n in range {
          let result = row.run(
            logits.pointer + n * columns, label: Int(labels[n]), gradient.pointer + n * columns)
          hits[n] = result.isHit ? 1 : 0
          (losses[n], distances[n]) = (result.total, result.distance)
        }
      }
    }
    kernels.logarithms(losses, count: rows, to: losses)
    var (lossSum, hitCount) = (0.0, 0)
    for n in 0..<rows {
      let loss = Double(losses[n]) + Double(distances[n])
      losses[n] = Float(loss)
      lossSum += loss
      hitCount += Int(hits[n])
    }
    return (lossSum, hitCount)
  }
}

/// The cross-entropy of one row: `log total + distance`, where `distance` is from the target's mean
/// logit to the largest. Neither is negative without smoothing, so nothing cancels.
private struct CrossEntropyRow {
  let kernels: any Kernels.Type
  let columns: Int
  let smoothing: Float
  let share: Float

  func run(
    _ x: UnsafePointer<Float>, label: Int, _ gradient: UnsafeMutablePointer<Float>
  ) -> (total: Float, distance: Float, isHit: Bool) {
    precondition(label < columns, "label \(label) of \(columns) classes")
    let off = smoothing / Float(columns)
    let aim = (1 - smoothing) * x[label] + off * sum(x, columns)
    let isHit = firstLargest(x, columns) == label
    let (top, total) = kernels.softmaxRow(x, count: columns, to: gradient)
    for column in 0..<columns { gradient[column] = (gradient[column] - off) * share }
    gradient[label] -= (1 - smoothing) * share
    return (total, top - aim, isHit)
  }
}

private func sum(_ x: UnsafePointer<Float>, _ count: Int) -> Float {
  var total: Float = 0
  for i in 0..<count { total += x[i] }
  return total
}

private func firstLargest(_ x: UnsafePointer<Float>, _ count: Int) -> Int {
  var best = 0
  for i in 1..<max(1, count) where x[i] > x[best] { best = i }
  return best
}
