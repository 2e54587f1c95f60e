import KernelBodies

// The gradients of a max-pooled convolution. The gradient of the full image exists only for a few
// images at a time, in the cache: it is spread from the pooled one and used for both gradients.

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
    let taps = TapPanels(g, lanes: kernels.tileLanes)
    let tapsSize = dx == nil ? 0 : taps.size
    // Spreading writes whole vectors.
    let fullSize = convolution.chunkImages * g.outputPixels * g.filters + 16
    let roomSize = fullSize + convolution.roomForInputGradient(convolution.chunkImages)
    let start = scratch(tapsSize + parts * size + threadCount * roomSize)
    let results = start + tapsSize
    let packed = dx == nil ? taps : taps.packed(weight, into: start, on: self)
    // A large value would be boxed for the closure; its address is not.
    withUnsafePointer(to: packed) { packed in
      parallel(parts) { part, worker in
        let room = results + parts * size + worker * roomSize
        let range = images * part / parts..<images * (part + 1) / parts
        var first = range.lowerBound
        while first < range.upperBound {
          let count = min(convolution.chunkImages, range.upperBound - first)
          let chunk = PooledChunk(
            convolution: convolution, kernels: kernels, first: first, count: count, full: room)
          chunk.spread(dy.pointer, choices.pointer)
          chunk.addWeightGradient(
            x.pointer, results + part * size, accumulating: first > range.lowerBound)
          if let dx {
            convolution.writeInputGradient(
              room, images: count, packed.pointee, kernels, room: room + fullSize,
              into: dx.pointer + first * g.imageSize)
          }
          first += count
        }
      }
    }
    addParts(results, count: parts, size: size, into: dW)
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
