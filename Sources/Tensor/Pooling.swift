import KernelBodies

/// A pooling window over images `[H, W, C]`, without padding: rows and columns that do not fill a
/// window are left out, as Keras' `valid` and PyTorch's default do.
public struct PoolingGeometry: Equatable, Sendable {
  public let height: Int
  public let width: Int
  public let channels: Int
  public let size: Int
  public let stride: Int

  /// - Precondition: the window fits into the image.
  public init(height: Int, width: Int, channels: Int, size: Int, stride: Int) {
    precondition(size > 0 && stride > 0 && size <= min(height, width), "window of a pooling")
    self.height = height
    self.width = width
    self.channels = channels
    self.size = size
    self.stride = stride
  }

  public var outputHeight: Int { kernel.outputHeight }
  public var outputWidth: Int { kernel.outputWidth }
  public func inputShape(_ count: Int) -> Shape { Shape(count, height, width, channels) }
  public func outputShape(_ count: Int) -> Shape {
    Shape(count, outputHeight, outputWidth, channels)
  }

  var kernel: PoolGeometry {
    PoolGeometry(height: height, width: width, channels: channels, size: size, stride: stride)
  }
  var inputSize: Int { height * width * channels }
  var outputSize: Int { outputHeight * outputWidth * channels }
}

extension Device {
  /// The largest value of each window; of equals the first.
  ///
  /// - Parameter choices: for each output the number of its position in the window, row by row:
  ///   what the backward pass needs. A byte holds it, so a window has at most 256 positions.
  public func maxPool(
    _ x: Tensor, _ g: PoolingGeometry, choices: Bytes? = nil, into y: Tensor
  ) {
    check("maxPool", x, y, g)
    precondition(choices == nil || g.size <= 16, "maxPool: a window of at most 256 positions")
    parallelRanges(x.shape[0], grain: 1) { range in
      for image in range {
        kernels.maxPool(
          x.pointer + image * g.inputSize, g.kernel, to: y.pointer + image * g.outputSize,
          choice: choices.map { $0.pointer + image * g.outputSize })
      }
    }
  }

  /// The gradient of ``maxPool(_:_:choices:into:)``'s input; `dx` is overwritten.
  public func maxPoolBackward(
    _ dy: Tensor, _ g: PoolingGeometry, choices: Bytes, into dx: Tensor
  ) {
    check("maxPoolBackward", dx, dy, g)
    parallelRanges(dx.shape[0], grain: 1) { range in
      for image in range {
        let to = dx.pointer + image * g.inputSize
        to.update(repeating: 0, count: g.inputSize)
        kernels.maxPoolBackward(
          dy.pointer + image * g.outputSize, g.kernel,
          choice: choices.pointer + image * g.outputSize, to: to)
      }
    }
  }

  /// The mean of each window. A window as large as the image is global average pooling.
  public func averagePool(_ x: Tensor, _ g: PoolingGeometry, into y: Tensor) {
    check("averagePool", x, y, g)
    parallelRanges(x.shape[0], grain: 1) { range in
      for image in range {
        kernels.averagePool(
          x.pointer + image * g.inputSize, g.kernel, to: y.pointer + image * g.outputSize)
      }
    }
  }

  /// The gradient of ``averagePool(_:_:into:)``'s input; `dx` is overwritten.
  public func averagePoolBackward(_ dy: Tensor, _ g: PoolingGeometry, into dx: Tensor) {
    check("averagePoolBackward", dx, dy, g)
    parallelRanges(dx.shape[0], grain: 1) { range in
      for image in range {
        let to = dx.pointer + image * g.inputSize
        to.update(repeating: 0, count: g.inputSize)
        kernels.averagePoolBackward(dy.pointer + image * g.outputSize, g.kernel, to: to)
      }
    }
  }

  private func check(_ name: String, _ input: Tensor, _ output: Tensor, _ g: PoolingGeometry) {
    let images = input.shape[0]
    precondition(input.shape == g.inputShape(images), "\(name): input \(input.shape)")
    precondition(output.shape == g.outputShape(images), "\(name): output \(output.shape)")
  }
}
