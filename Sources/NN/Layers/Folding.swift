import Tensor

/// A layer with weights that a batch normalization behind it can be folded into, for inference.
protocol FoldableLayer: Layer {
  /// Uses, in inference, weights that give `scale · y + shift` instead of `y`.
  func fold(scale: Tensor, shift: Tensor)
  /// Uses the layer's own weights again.
  func unfold()
  /// Has the folded weights' results replaced by zero where they are negative.
  func rectifyFolded()
}

/// Weights with the normalization behind them multiplied in: `(x · W + b) s + t = x · (W s) + (b s + t)`.
struct FoldedWeights {
  /// As the layer's own, outputs innermost.
  let weight: Tensor
  let bias: Tensor
  var rectifying = false

  init(_ weight: Tensor, _ bias: Tensor?, scale: Tensor, shift: Tensor) {
    self.weight = weight.copy()
    self.bias = shift.copy()
    let outputs = scale.count
    for row in 0..<weight.count / max(1, outputs) {
      for output in 0..<outputs {
        self.weight.pointer[row * outputs + output] *= scale.pointer[output]
      }
    }
    guard let bias else { return }
    for output in 0..<outputs {
      self.bias.pointer[output] += bias.pointer[output] * scale.pointer[output]
    }
  }
}
