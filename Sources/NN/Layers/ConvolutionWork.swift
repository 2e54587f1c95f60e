import Tensor

/// A way to compute a convolution, with what it keeps from one pass to the next.
protocol ConvolutionWork: AnyObject {
  /// Takes in the weights of inference.
  func take(_ weight: Tensor, on device: Device)
  func prepare(batch: Int, room: SharedRoom, _ pass: Pass)
  /// - Parameter weight: that of training; `nil` where what was taken in is meant.
  func forward(
    _ x: Tensor, _ weight: Tensor?, _ end: ConvolutionEnd, into y: Tensor, _ pass: Pass)
  /// - Parameters:
  ///   - dy: the gradient of what rectified outputs were, of pooled ones where there are choices.
  ///   - choices: which pixels were the largest, where the convolution pools.
  func backward(
    _ dy: Tensor, x: Tensor, _ weight: Tensor, choices: Bytes?, into dW: Tensor, _ dx: Tensor?,
    _ pass: Pass)
}
