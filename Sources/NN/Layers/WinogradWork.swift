import Tensor

/// A convolution by Winograd's algorithm. It needs no padded copy of its input.
final class WinogradWork: ConvolutionWork {
  private let plain: WinogradConvolution
  private let pooled: WinogradConvolution
  /// The weights of inference, and those brought to the points if these are kept.
  private var taken: Tensor?
  private var filters: WinogradFilters?

  init(_ geometry: ConvolutionGeometry) {
    plain = WinogradConvolution(geometry)
    pooled = WinogradConvolution(geometry.pooled)
  }

  func take(_ weight: Tensor, on device: Device) {
    (taken, filters) = (weight, nil)
  }

  func prepare(batch: Int, room: SharedRoom, _ pass: Pass) {}

  func forward(
    _ x: Tensor, _ weight: Tensor?, _ end: ConvolutionEnd, into y: Tensor, _ pass: Pass
  ) {
    let convolution = pass.fusion.pools ? pooled : plain
    if let weight {
      pass.device.convolve(x, weight, convolution, end: end, into: y)
    } else if let filters {
      pass.device.convolve(x, filters, convolution, end: end, into: y)
    } else if let taken {
      guard pass.keepsWideWeights else {
        return pass.device.convolve(x, taken, convolution, end: end, into: y)
      }
      let filters = WinogradFilters(taken, for: plain, on: pass.device)
      pass.device.convolve(x, filters, convolution, end: end, into: y)
      (self.taken, self.filters) = (nil, filters)
    } else {
      preconditionFailure("a convolution's weights were not taken in")
    }
  }

  func backward(
    _ dy: Tensor, x: Tensor, _ weight: Tensor, choices: Bytes?, into dW: Tensor, _ dx: Tensor?,
    _ pass: Pass
  ) {
    pass.device.convolveBackward(
      dy, x, weight, choices == nil ? plain : pooled, choices: choices, into: dW, dx)
  }
}
