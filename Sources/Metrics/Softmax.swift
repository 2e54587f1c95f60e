import Platform
import Support

/// Fills `probabilities` with the softmax of logits, in double precision, and returns
/// log Σ exp(logit).
public func softmax(
  _ logits: UnsafeBufferPointer<Float>, into probabilities: inout [Double]
) -> Double {
  let maximum = logits.reduce(-Float.infinity) { $0.isNaN || $1 <= $0 ? $0 : $1 }
  var sum = 0.0
  for index in logits.indices {
    probabilities[index] = exp(Double(logits[index]) - Double(maximum))
    sum += probabilities[index]
  }
  for index in logits.indices { probabilities[index] /= sum }
  return Double(maximum) + log(sum)
}
