/// The extents of a square two-dimensional convolution over images `[H, W, C]`, as in
/// `torch.nn.Conv2d`: `outputHeight = (height + 2 padding − kernelSize) / stride + 1`.
public struct ConvolutionGeometry: Equatable, Sendable {
  public let height: Int
  public let width: Int
  public let channels: Int
  public let filters: Int
  public let kernelSize: Int
  public let stride: Int
  /// Zeros around the image, on each side.
  public let padding: Int

  /// - Precondition: the kernel fits into the padded image.
  public init(
    height: Int, width: Int, channels: Int, filters: Int, kernelSize: Int, stride: Int = 1,
    padding: Int = 0
  ) {
    precondition(min(height, width) + 2 * padding >= kernelSize, "kernel larger than the image")
    precondition(kernelSize > 0 && stride > 0 && padding >= 0, "extents of a convolution")
    self.height = height
    self.width = width
    self.channels = channels
    self.filters = filters
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding
  }

  public var outputHeight: Int { (height + 2 * padding - kernelSize) / stride + 1 }
  public var outputWidth: Int { (width + 2 * padding - kernelSize) / stride + 1 }
  var paddedHeight: Int { height + 2 * padding }
  var paddedWidth: Int { width + 2 * padding }

  /// Pixels of one output image.
  var outputPixels: Int { outputHeight * outputWidth }
  /// Floats of one input image, without and with padding.
  var imageSize: Int { height * width * channels }
  var paddedSize: Int { paddedHeight * paddedWidth * channels }
  /// The length of one output's sum: `kernelSize² · channels`.
  public var depth: Int { kernelSize * kernelSize * channels }

  /// The shapes of `count` inputs, of padded inputs, of outputs, and of the weights
  /// `[kernelSize, kernelSize, channels, filters]`.
  public func inputShape(_ count: Int) -> Shape { [count, height, width, channels] }
  public func paddedShape(_ count: Int) -> Shape { [count, paddedHeight, paddedWidth, channels] }
  public func outputShape(_ count: Int) -> Shape { [count, outputHeight, outputWidth, filters] }
  public var weightShape: Shape { [kernelSize, kernelSize, channels, filters] }

  /// Multiply-adds of one image's forward pass.
  public var multiplyAdds: Int { outputPixels * depth * filters }
}
