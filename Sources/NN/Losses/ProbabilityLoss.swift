import Support
import Tensor

/// What one class adds to the loss of one row, as a function of its probability `p`.
protocol ProbabilityTerm: Sendable {
  /// Whether a row's terms all have the weight of its label; otherwise each has its own class's.
  var weighsWholeRows: Bool { get }

  /// - Parameters:
  ///   - logP: `log p`.
  ///   - aim: what `p` should be.
  /// - Returns: the loss, and `p` times its derivative by `p`.
  func callAsFunction(logP: Double, aim: Double) -> (loss: Double, slope: Double)
}

/// A loss whose rows are sums over their softmax probabilities.
///
/// With a term's loss `ℓ` and `u = p · dℓ/dp`, the gradient over the logits is `u − p Σ u`. All is
/// computed in double precision; that costs some tens of microseconds a batch.
struct ProbabilityLoss<Term: ProbabilityTerm> {
  private let term: Term
  /// The share of the aim that is spread over all classes.
  private let labelSmoothing: Double
  /// Of each class; empty if all are 1.
  private let weights: [Double]
  /// For each row the loss, and 1 where the largest logit is the target's.
  private let rowResults: Tensor

  init(_ term: Term, labelSmoothing: Double, weights: [Double]?, batch: Int) {
    self.term = term
    self.labelSmoothing = labelSmoothing
    self.weights = weights ?? []
    rowResults = Tensor(zeros: [2, batch])
  }

  func callAsFunction(_ logits: Tensor, _ targets: Targets, on device: Device) -> LossResult {
    let (rows, columns) = (logits.shape[0], logits.shape[1])
    precondition(2 * rows <= rowResults.count && rows <= targets.labels.count, "loss: \(rows) rows")
    precondition(weights.isEmpty || weights.count == columns, "loss: \(weights.count) weights")
    var weight = 0.0
    for n in 0..<rows { weight += rowWeight(target(of: n, targets)) }
    let scale = weight > 0 ? 1 / weight : 0
    device.forEachRange(of: rows, grain: 8) { range in
      for n in range {
        let row = logits.items(from: n, count: 1)
        let target = target(of: n, targets)
        rowResults[rows + n] = firstLargest(row) == target.dominant ? 1 : 0
        rowResults[n] = Float(evaluate(row, target, scale: scale))
      }
    }
    var (sum, hitCount) = (0.0, 0)
    for n in 0..<rows {
      sum += Double(rowResults[n])
      hitCount += Int(rowResults[rows + n])
    }
    return LossResult(sum: sum, weight: weight, hits: hitCount, rows: rows)
  }

  /// The loss of a row, whose logits become `scale` times its gradient.
  private func evaluate(
    _ x: Tensor, _ target: RowTarget, scale: Double
  ) -> Double {
    var (top, total) = (-Double.infinity, 0.0)
    for c in 0..<x.count where Double(x[c]) > top { top = Double(x[c]) }
    for c in 0..<x.count { total += exponential(Double(x[c]) - top) }
    let logTotal = top + logarithm(total)
    var (loss, slopes) = (0.0, 0.0)
    for c in 0..<x.count {
      let result = mixedTerm(of: c, logP: Double(x[c]) - logTotal, target, classes: x.count)
      loss += result.loss
      slopes += result.slope
    }
    for c in 0..<x.count {
      let logP = Double(x[c]) - logTotal
      let slope = mixedTerm(of: c, logP: logP, target, classes: x.count).slope
      x[c] = Float((slope - exponential(logP) * slopes) * scale)
    }
    return loss
  }

  /// What class `c` adds for the one target of a row or for its two.
  private func mixedTerm(
    of c: Int, logP: Double, _ target: RowTarget, classes: Int
  ) -> (loss: Double, slope: Double) {
    let a = weightedTerm(of: c, logP: logP, label: target.label, classes: classes)
    guard target.share < 1 else { return a }
    let b = weightedTerm(of: c, logP: logP, label: target.partner, classes: classes)
    let (share, rest) = (target.share, 1 - target.share)
    return (share * a.loss + rest * b.loss, share * a.slope + rest * b.slope)
  }

  private func weightedTerm(
    of c: Int, logP: Double, label: Int, classes: Int
  ) -> (loss: Double, slope: Double) {
    let spread = labelSmoothing / Double(classes)
    let result = term(logP: logP, aim: c == label ? spread + 1 - labelSmoothing : spread)
    let weight = classWeight(term.weighsWholeRows ? label : c)
    return (weight * result.loss, weight * result.slope)
  }

  private func rowWeight(_ target: RowTarget) -> Double {
    target.share * classWeight(target.label) + (1 - target.share) * classWeight(target.partner)
  }

  private func classWeight(_ c: Int) -> Double { weights.isEmpty ? 1 : weights[c] }

  private func target(of n: Int, _ targets: Targets) -> RowTarget {
    RowTarget(
      label: Int(targets.labels[n]), partner: Int(targets.partners[n]), share: targets.share)
  }
}

/// One row of ``Targets``.
private struct RowTarget {
  let label: Int
  let partner: Int
  let share: Double

  var dominant: Int { share < 0.5 ? partner : label }
}

private func firstLargest(_ x: Tensor) -> Int {
  var best = 0
  for c in 0..<x.count where x[c] > x[best] { best = c }
  return best
}
