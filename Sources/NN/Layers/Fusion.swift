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

/// A layer with weights that inference keeps packed, with the batch normalization behind it folded
/// in.
protocol FoldableLayer: Layer {
  /// Takes the present weights and running statistics into those that inference uses.
  func foldNormalization(on device: Device)
}

/// Weights as inference uses them: packed, the normalization behind them multiplied in,
/// `(x · W + b) s + t = x · (W s) + (b s + t)`.
struct FoldedWeights {
  let weight: PackedMatrix
  let bias: Tensor?

  /// - Parameter weight: outputs innermost.
  init(_ weight: Tensor, _ bias: Tensor?, _ normalization: BatchNormLayer?, on device: Device) {
    guard let normalization else {
      self.weight = PackedMatrix(weight, on: device)
      self.bias = bias
      return
    }
    let (scale, shift) = normalization.inferenceScaleAndShift()
    let (scaled, start) = (weight.copy(), shift.copy())
    let outputs = scale.count
    for row in 0..<weight.count / max(1, outputs) {
      for output in 0..<outputs {
        scaled.pointer[row * outputs + output] *= scale.pointer[output]
      }
    }
    if let bias {
      for output in 0..<outputs {
        start.pointer[output] += bias.pointer[output] * scale.pointer[output]
      }
    }
    self.weight = PackedMatrix(scaled, on: device)
    self.bias = start
  }
}
