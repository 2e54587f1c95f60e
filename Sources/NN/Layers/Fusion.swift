import Tensor

/// The layers behind a convolution or a dense layer whose work it does as well: a batch
/// normalization (in inference, folded into the weights), a ReLU, 2 x 2 max pooling.
struct Fusion {
  private(set) var normalization: BatchNormLayer?
  private(set) var rectifies = false
  private(set) var pools = false
  /// How many layers that are.
  private(set) var count = 0

  init() {}

  /// What can be taken over of the layers in `following`.
  init(_ following: ArraySlice<any Layer>, _ mode: Pass.Mode, pooling mayPool: Bool) {
    var rest = following
    if mode == .inference, let layer = rest.first as? BatchNormLayer {
      normalization = layer
      rest = rest.dropFirst()
    }
    if let layer = rest.first as? ActivationLayer, layer.function == .relu {
      rectifies = true
      rest = rest.dropFirst()
    }
    if mayPool, let layer = rest.first as? MaxPoolLayer, layer.halves {
      pools = true
      rest = rest.dropFirst()
    }
    count = following.count - rest.count
  }
}

/// A layer with weights that a batch normalization behind it can be folded into, for inference.
protocol FoldableLayer: Layer {
  /// Takes the present weights and running statistics into the weights that inference uses.
  func foldNormalization()
}

/// Weights with the normalization behind them multiplied in:
/// `(x · W + b) s + t = x · (W s) + (b s + t)`.
struct FoldedWeights {
  /// As the layer's own, outputs innermost.
  let weight: Tensor
  let bias: Tensor

  init(_ weight: Tensor, _ bias: Tensor?, _ normalization: BatchNormLayer) {
    let (scale, shift) = normalization.inferenceScaleAndShift()
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
