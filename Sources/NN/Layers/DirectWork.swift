import Tensor

/// A convolution by its definition.
final class DirectWork: ConvolutionWork {
  private let geometry: ConvolutionGeometry
  /// The input with its border of zeros: kept for the backward pass, and within one of inference.
  private var padded = Tensor(zeros: [0])
  private var inferencePadded = Tensor(zeros: [0])
  private var packed: PackedMatrix?
  /// The tables of the convolution, with and without pooling, as far as they are in use.
  private var plain: Convolution?
  private var pooled: Convolution?

  init(_ geometry: ConvolutionGeometry) { self.geometry = geometry }

  func take(_ weight: Tensor, on device: Device) { packed = PackedMatrix(weight, on: device) }

  func prepare(batch: Int, room: SharedRoom, _ pass: Pass) {
    let pools = pass.fusion.pools
    if pools, pooled == nil { pooled = Convolution(geometry.pooled, on: pass.device) }
    if !pools, plain == nil { plain = Convolution(geometry, on: pass.device) }
    let shape = geometry.paddedShape(batch)
    guard geometry.padding > 0, paddedInput(pass.mode).count < shape.count else { return }
    if pass.mode == .training {
      padded = Tensor(zeros: shape)
    } else {
      var room = room
      inferencePadded = room.take(shape)
    }
  }

  private func convolution(pooling: Bool) -> Convolution {
    guard let convolution = pooling ? pooled : plain else {
      preconditionFailure("a convolution was not prepared")
    }
    return convolution
  }

  /// The place of the input with its border.
  private func paddedInput(_ mode: Pass.Mode) -> Tensor {
    mode == .training ? padded : inferencePadded
  }

  func forward(
    _ x: Tensor, _ weight: Tensor?, _ end: ConvolutionEnd, into y: Tensor, _ pass: Pass
  ) {
    let convolution = convolution(pooling: pass.fusion.pools)
    var input = x
    if geometry.padding > 0 {
      input = paddedInput(pass.mode).prefix(geometry.paddedShape(x.shape[0]))
      pass.device.pad(x, for: convolution, into: input)
    }
    if let weight {
      pass.device.convolve(input, weight, convolution, end: end, into: y)
    } else if let packed {
      pass.device.convolve(input, packed, convolution, end: end, into: y)
    } else {
      preconditionFailure("a convolution's weights were not taken in")
    }
  }

  func backward(
    _ dy: Tensor, x: Tensor, _ weight: Tensor, choices: Bytes?, into dW: Tensor, _ dx: Tensor?,
    _ pass: Pass
  ) {
    let (device, convolution) = (pass.device, convolution(pooling: choices != nil))
    let input = geometry.padding > 0 ? padded.prefix(geometry.paddedShape(x.shape[0])) : x
    if let choices {
      device.convolveMaxPoolBackward(
        dy, input, weight, convolution, rectifying: false, choices: choices, dW: dW, dBias: nil,
        into: dx)
    } else {
      device.convolveWeightGradient(input, dy, convolution, into: dW)
      if let dx { device.convolveInputGradient(dy, weight, convolution, into: dx) }
    }
  }
}

extension Device {
  /// A convolution with pooling or without, as its geometry says.
  fileprivate func convolve(
    _ x: Tensor, _ weight: Tensor, _ convolution: Convolution, end: ConvolutionEnd, into y: Tensor
  ) {
    if convolution.geometry.pooling {
      convolveMaxPool(
        x, weight, convolution, bias: end.bias, rectifying: end.rectifying, choices: end.choices,
        into: y)
    } else {
      convolve(x, weight, convolution, bias: end.bias, rectifying: end.rectifying, into: y)
    }
  }

  fileprivate func convolve(
    _ x: Tensor, _ weight: PackedMatrix, _ convolution: Convolution, end: ConvolutionEnd,
    into y: Tensor
  ) {
    if convolution.geometry.pooling {
      convolveMaxPool(
        x, weight, convolution, bias: end.bias, rectifying: end.rectifying, choices: nil, into: y)
    } else {
      convolve(x, weight, convolution, bias: end.bias, rectifying: end.rectifying, into: y)
    }
  }
}
