import KernelBodies

/// How the images of a convolution of few filters lie as planes, one a channel, for kernels whose lanes
/// run over pixels: in a tile the filters would leave most lanes idle.
///
/// Every plane has rows as long as those of the padded image, so that a pixel of the output and the
/// elements of its patch lie at constant distances. Positions between the rows of the output are
/// computed too, and thrown away; a gradient is zero there.
struct PlaneLayout: Sendable {
  private let geometry: ConvolutionGeometry
  /// Positions from the first output to the last.
  let outputLength: Int
  /// Floats of a plane of the input, of the output, and of the output's gradient.
  let inputSize: Int
  let outputSize: Int
  let gradientSize: Int
  /// Where each element of a patch lies, in the order of a direct convolution's sums, the last one
  /// repeated to a multiple of four.
  let patchOffsets: [Int]

  /// The layout, if a convolution has so few filters.
  init?(_ geometry: ConvolutionGeometry) {
    guard geometry.hasFewFilters else { return nil }
    let g = geometry
    self.geometry = g
    let row = g.paddedWidth
    outputLength = (g.outputHeight - 1) * row + g.outputWidth
    gradientSize = Self.whole(outputLength)
    // Pooling reads two vectors a row.
    outputSize = gradientSize + 32
    // A patch of the last position, and all pixels, of which pooling may leave some out.
    inputSize = max(
      gradientSize + Self.whole((g.kernelSize - 1) * (row + 1)), Self.whole(g.paddedHeight * row))
    var offsets: [Int] = []
    for r in 0..<g.kernelSize {
      for s in 0..<g.kernelSize {
        offsets += (0..<g.channels).map { [inputSize] in r * row + s + $0 * inputSize }
      }
    }
    patchOffsets = offsets + repeatElement(offsets[g.depth - 1], count: (4 - g.depth % 4) % 4)
  }

  /// Rounded up to what kernels compute at a time.
  private static func whole(_ length: Int) -> Int { (length + 31) / 32 * 32 }

  /// The outputs in their planes, their windows of 2 x 2, and the same of their gradient.
  var outputGrid: PlaneGrid { grid(planeStep: outputSize, shrinking: 1) }
  var windowGrid: PlaneGrid { grid(planeStep: outputSize, shrinking: 2) }
  var gradientGrid: PlaneGrid { grid(planeStep: gradientSize, shrinking: 1) }
  var windowGradientGrid: PlaneGrid { grid(planeStep: gradientSize, shrinking: 2) }

  private func grid(planeStep: Int, shrinking factor: Int) -> PlaneGrid {
    PlaneGrid(
      height: geometry.outputHeight / factor, width: geometry.outputWidth / factor,
      channels: geometry.filters, planeStep: planeStep, rowStep: geometry.paddedWidth)
  }

  /// Copies a padded image into planes, with zeros behind each: they are read, and count for nothing.
  func separate(
    _ x: UnsafePointer<Float>, _ kernels: any Kernels.Type,
    into planes: UnsafeMutablePointer<Float>
  ) {
    let g = geometry
    let pixels = g.paddedHeight * g.paddedWidth
    if g.channels == 1 {
      planes.update(from: x, count: pixels)
    } else {
      kernels.separatePlanes(
        x,
        PlaneGrid(
          height: g.paddedHeight, width: g.paddedWidth, channels: g.channels,
          planeStep: inputSize, rowStep: g.paddedWidth), to: planes)
    }
    for channel in 0..<g.channels {
      (planes + channel * inputSize + pixels).update(repeating: 0, count: inputSize - pixels)
    }
  }
}

extension PlaneLayout {
  /// Floats that the forward pass of an image needs: planes of its input and its output, and a row of
  /// windows, twice.
  var forwardRoom: Int {
    let windows = (geometry.outputWidth / 2 + 15) / 16 * 16
    return geometry.channels * inputSize + geometry.filters * (outputSize + 2 * windows)
  }

  /// Floats that the gradient of the weights needs for an image: planes of its input and of the
  /// output's gradient, and sixteen sums a weight.
  var gradientRoom: Int {
    geometry.channels * inputSize + geometry.filters * gradientSize + sumsSize
  }

  /// Sixteen sums for each weight.
  var sumsSize: Int { 16 * patchOffsets.count * geometry.filters }
}

extension ConvolutionGeometry {
  /// Whether lanes run over pixels, forward and in the gradient of the weights: filters would use less
  /// than half of the widest vector. The same for every instruction set, because the order of sums
  /// depends on it.
  var hasFewFilters: Bool { stride == 1 && kernelSize > 1 && filters <= 6 && channels <= 8 }
}
