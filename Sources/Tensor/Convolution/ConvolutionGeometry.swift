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
  /// Whether 2 x 2 max pooling follows. Then only the pixels that fall into a window are computed.
  public let pooling: Bool

  /// - Precondition: the kernel fits into the padded image.
  public init(
    height: Int, width: Int, channels: Int, filters: Int, kernelSize: Int, stride: Int = 1,
    padding: Int = 0, pooling: Bool = false
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
    self.pooling = pooling
  }

  /// The same convolution with 2 x 2 max pooling behind it.
  public var pooled: ConvolutionGeometry {
    ConvolutionGeometry(
      height: height, width: width, channels: channels, filters: filters, kernelSize: kernelSize,
      stride: stride, padding: padding, pooling: true)
  }

  public var outputHeight: Int { used((height + 2 * padding - kernelSize) / stride + 1) }
  public var outputWidth: Int { used((width + 2 * padding - kernelSize) / stride + 1) }

  private func used(_ extent: Int) -> Int { pooling ? extent / 2 * 2 : extent }
  var paddedHeight: Int { height + 2 * padding }
  var paddedWidth: Int { width + 2 * padding }

  /// Fewer channels than the widest vector has lanes. The same for every instruction set, because
  /// the order of sums depends on it.
  var hasFewChannels: Bool { channels < 16 && kernelSize > 1 }

  /// Pixels of one output image.
  var outputPixels: Int { outputHeight * outputWidth }
  /// Floats of one input image, without and with padding.
  var imageSize: Int { height * width * channels }
  var paddedSize: Int { paddedHeight * paddedWidth * channels }
  /// The length of one output's sum: `kernelSize² · channels`.
  public var depth: Int { kernelSize * kernelSize * channels }

  /// The shapes of `count` inputs, of padded inputs, of outputs, and of the weights
  /// `[kernelSize, kernelSize, channels, filters]`.
  public func inputShape(_ count: Int) -> Shape { Shape(count, height, width, channels) }
  public func paddedShape(_ count: Int) -> Shape {
    Shape(count, paddedHeight, paddedWidth, channels)
  }
  public func outputShape(_ count: Int) -> Shape {
    Shape(count, outputHeight, outputWidth, filters)
  }
  public func pooledShape(_ count: Int) -> Shape {
    Shape(count, outputHeight / 2, outputWidth / 2, filters)
  }
  public var weightShape: Shape { Shape(kernelSize, kernelSize, channels, filters) }

  /// Multiply-adds of one image's forward pass.
  public var multiplyAdds: Int { outputPixels * depth * filters }
}
