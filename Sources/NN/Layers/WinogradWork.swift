import Tensor

/// A convolution by Winograd's algorithm. It needs no padded copy of its input.
final class WinogradWork: ConvolutionWork {
  private let plain: WinogradConvolution
  private let pooled: WinogradConvolution
  private var filters: WinogradFilters?

  init(_ geometry: ConvolutionGeometry) {
    plain = WinogradConvolution(geometry)
    pooled = WinogradConvolution(geometry.pooled)
  }

  func take(_ weight: Tensor, on device: Device) {
    filters = WinogradFilters(weight, for: plain, on: device)
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
