import KernelBodies

// The gradients of a max-pooled convolution. The gradient of the full image exists only for a few
// images at a time, in the cache: it is spread from the pooled one and used for both gradients, or, of
// few filters, spread into planes for that of the weights.

extension Device {
  /// The gradients of ``convolveMaxPool(_:_:_:bias:rectifying:choices:into:)``.
  ///
  /// - Parameters:
  ///   - dy: `[N, outputHeight / 2, outputWidth / 2, filters]`; where rectifying made the output
  ///     zero it becomes zero.
  ///   - x: the padded input.
  ///   - dW: the gradient of the weights, overwritten.
  ///   - dBias: that of the bias, if there is one.
  ///   - dx: that of the unpadded input, if it is wanted.
  public func convolveMaxPoolBackward(
    _ dy: Tensor, _ x: Tensor, _ weight: Tensor, _ convolution: Convolution, rectifying: Bool,
    choices: Bytes, dW: Tensor, dBias: Tensor?, into dx: Tensor?
  ) {
    let g = convolution.geometry
    let images = x.shape[0]
    precondition(dy.shape == g.pooledShape(images), "convolveMaxPoolBackward: dy \(dy.shape)")
    precondition(dx == nil || dx?.shape == g.inputShape(images), "convolveMaxPoolBackward: dx")
    if rectifying { maskWindows(dy, choices) }
    if let dBias { sumRows(dy, into: dBias) }
    let size = g.depth * g.filters
    let parts = convolution.gradientParts(images: images)
    var way = PooledWayBack(convolution, wantsInput: dx != nil, lanes: kernels.tileLanes)
    let start = scratch(way.packedSize + parts * size + threadCount * way.roomSize)
    let results = start + way.packedSize
    way.pack(weight, into: start, on: self)
    // A large value would be boxed for the closure; its address is not.
    withUnsafePointer(to: way) { way in
      parallel(parts) { part, worker in
        let room = results + parts * size + worker * way.pointee.roomSize
        way.pointee.run(
          images * part / parts..<images * (part + 1) / parts, dy.pointer, choices.pointer,
          x.pointer, dW: results + part * size, dx: dx?.pointer, room: room, kernels)
      }
    }
    addParts(results, count: parts, size: size, into: dW)
  }
}

/// The way back of a max-pooled convolution, for all threads.
private struct PooledWayBack {
  let convolution: Convolution
  let wantsInput: Bool
  private var taps: TapPanels

  init(_ convolution: Convolution, wantsInput: Bool, lanes: Int) {
    self.convolution = convolution
    self.wantsInput = wantsInput
    taps = TapPanels(convolution.geometry, lanes: lanes)
  }

  private var geometry: ConvolutionGeometry { convolution.geometry }

  /// Floats of the weights, packed for the gradient of the input.
  var packedSize: Int { wantsInput ? taps.size : 0 }

  mutating func pack(_ weight: Tensor, into room: UnsafeMutablePointer<Float>, on device: Device) {
    if wantsInput { taps = taps.packed(weight, into: room, on: device) }
  }

  /// Floats of a few full images; spreading writes whole vectors.
  private var pixelsSize: Int {
    guard convolution.planes == nil || wantsInput else { return 0 }
    return convolution.chunkImages * geometry.outputPixels * geometry.filters + 16
  }

  private var borderSize: Int {
    wantsInput ? convolution.roomForInputGradient(convolution.chunkImages) : 0
  }

  /// Floats that a thread needs.
  var roomSize: Int { pixelsSize + borderSize + (convolution.planes?.gradientRoom ?? 0) }

  /// Computes the gradients of some images: that of the weights, and each image's own.
  func run(
    _ images: Range<Int>, _ dy: UnsafePointer<Float>, _ choices: UnsafePointer<UInt8>,
    _ x: UnsafePointer<Float>, dW: UnsafeMutablePointer<Float>, dx: UnsafeMutablePointer<Float>?,
    room: UnsafeMutablePointer<Float>, _ kernels: any Kernels.Type
  ) {
    if let layout = convolution.planes {
      let gradient = PlaneGradient(
        geometry: geometry, layout: layout, kernels: kernels,
        room: room + pixelsSize + borderSize)
      gradient.run(images, dy, choices: choices, x, into: dW)
      guard wantsInput else { return }
    }
    var first = images.lowerBound
    while first < images.upperBound {
      let count = min(convolution.chunkImages, images.upperBound - first)
      let chunk = PooledChunk(
        convolution: convolution, kernels: kernels, first: first, count: count, full: room)
      chunk.spread(dy, choices)
      if convolution.planes == nil {
        chunk.addWeightGradient(x, dW, accumulating: first > images.lowerBound)
      }
      if let dx {
        convolution.writeInputGradient(
          room, images: count, taps, kernels, room: room + pixelsSize,
          into: dx + first * geometry.imageSize)
      }
      first += count
    }
  }
}

/// A few images of a max-pooled convolution on their way back.
private struct PooledChunk {
  let convolution: Convolution
  let kernels: any Kernels.Type
  let first: Int
  let count: Int
  /// The gradient of the full images, `[count, outputHeight, outputWidth, filters]`.
  let full: UnsafeMutablePointer<Float>

  private var geometry: ConvolutionGeometry { convolution.geometry }
  private var fullSize: Int { geometry.outputPixels * geometry.filters }

  func spread(_ dy: UnsafePointer<Float>, _ choices: UnsafePointer<UInt8>) {
    let g = geometry
    for image in 0..<count {
      let from = (first + image) * fullSize / 4
      kernels.spreadWindows(
        dy + from, choice: choices + from,
        WindowGrid(
          height: g.outputHeight / 2, width: g.outputWidth / 2, channels: g.filters),
        to: full + image * fullSize)
    }
  }

  func addWeightGradient(
    _ x: UnsafePointer<Float>, _ dW: UnsafeMutablePointer<Float>, accumulating: Bool
  ) {
    for tile in 0..<(geometry.depth + convolution.tileRows - 1) / convolution.tileRows {
      convolution.addChunk(
        tile, images: count, x + first * geometry.paddedSize, full, kernels, dW,
        accumulating: accumulating)
    }
  }
}
