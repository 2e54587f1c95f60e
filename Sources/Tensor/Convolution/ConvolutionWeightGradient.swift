import KernelBodies

// The gradient of the weights: a matrix product whose sum runs over output pixels.
//
//     dW[(r, s, c), k] = Σ over pixels: x[pixel + (r, s), c] · dy[pixel, k]
//
// A row of the tile is an element (r, s, c) of the patch; from one step to the next it moves on by
// one pixel, while B is the next row of dy as it lies. The images are cut into a number of parts
// that depends on the shapes alone; each part has a result of its own, and the results are added in
// order. So neither the threads nor the vector width change a bit, and chains stay short.

extension Device {
  /// `dW`, the gradient of ``convolve(_:_:_:bias:rectifying:into:)``'s weights.
  ///
  /// - Parameters:
  ///   - x: the padded input `[N, H + 2 padding, W + 2 padding, C]`.
  ///   - dy: `[N, outputHeight, outputWidth, filters]`.
  ///   - dW: `[kernelSize, kernelSize, C, filters]`, overwritten.
  public func convolveWeightGradient(
    _ x: Tensor, _ dy: Tensor, _ convolution: Convolution, into dW: Tensor
  ) {
    let g = convolution.geometry
    let images = x.shape[0]
    precondition(x.shape == g.paddedShape(images), "convolveWeightGradient: x \(x.shape)")
    precondition(dy.shape == g.outputShape(images), "convolveWeightGradient: dy \(dy.shape)")
    precondition(dW.shape == g.weightShape, "convolveWeightGradient: dW \(dW.shape)")
    guard images > 0 else { return dW.fill(0) }
    if convolution.planes != nil {
      return convolvePlanesWeightGradient(x, dy, convolution, into: dW)
    }
    let size = g.depth * g.filters
    let parts = convolution.gradientParts(images: images)
    let bands = max(1, 16 / parts)
    let tiles = (g.depth + kernels.tileRows - 1) / kernels.tileRows
    let results = scratch(parts * size)
    parallel(parts * bands) { index, _ in
      let (part, band) = index.quotientAndRemainder(dividingBy: bands)
      convolution.weightGradient(
        tiles: tiles * band / bands..<tiles * (band + 1) / bands,
        images: images * part / parts..<images * (part + 1) / parts,
        x.pointer, dy.pointer, kernels, results + part * size)
    }
    addParts(results, count: parts, size: size, into: dW)
  }

  /// Writes the sum of `count` results of `size` floats each, added in order.
  func addParts(
    _ results: UnsafePointer<Float>, count: Int, size: Int, into sum: Tensor
  ) {
    parallelRanges(size, grain: 4096) { range in
      let to = sum.pointer + range.lowerBound
      to.update(from: results + range.lowerBound, count: range.count)
      for part in 1..<max(count, 1) {
        kernels.add(results + part * size + range.lowerBound, count: range.count, to: to)
      }
    }
  }
}

extension Convolution {
  /// Parts with results of their own: at most sixteen, and together at most 8 MiB.
  func gradientParts(images: Int) -> Int {
    let chunks = (images + chunkImages - 1) / chunkImages
    return max(1, min(chunks, 16, (2 << 20) / (geometry.depth * geometry.filters)))
  }

  /// The gradient of some rows of the weights, summed over some images, chunk after chunk.
  fileprivate func weightGradient(
    tiles: Range<Int>, images: Range<Int>, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
    _ kernels: any Kernels.Type, _ dW: UnsafeMutablePointer<Float>
  ) {
    let g = geometry
    var first = images.lowerBound
    while first < images.upperBound {
      let count = min(chunkImages, images.upperBound - first)
      for tile in tiles {
        addChunk(
          tile, images: count, x + first * g.paddedSize,
          dy + first * g.outputPixels * g.filters, kernels, dW,
          accumulating: first > images.lowerBound)
      }
      first += count
    }
  }

  /// Adds the pixels of a few images to one tile of the weights' gradient.
  func addChunk(
    _ tile: Int, images: Int, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
    _ kernels: any Kernels.Type, _ dW: UnsafeMutablePointer<Float>, accumulating: Bool
  ) {
    let g = geometry
    let lanes = kernels.tileLanes
    let first = tile * tileRows
    withWeightTables(first) { depthOffsets, pixelRowOffsets, cOffsets in
      for column in stride(from: 0, to: g.filters, by: 2 * lanes) {
        let columns = min(2 * lanes, g.filters - column)
        let vectors = columns > lanes ? 2 : 1
        var t = TileArguments(
          a: x, aOffsets: depthOffsets, runOffsets: pixelRowOffsets,
          runCount: images * g.outputHeight, runLength: g.outputWidth, aStep: g.stride * g.channels,
          b: dy + column, bStep: g.filters, c: dW + first * g.filters + column,
          cOffsets: cOffsets, rowCount: min(tileRows, g.depth - first), vectorCount: vectors,
          accumulating: accumulating)
        if columns == vectors * lanes {
          kernels.tile(&t)
        } else {
          // The missing columns are read from the next pixel and thrown away.
          runAside(t, columns: columns, width: vectors * lanes, kernels: kernels)
        }
      }
    }
  }

  private func withWeightTables(
    _ first: Int,
    _ body: (UnsafePointer<Int>, UnsafePointer<Int>, UnsafePointer<Int>) -> Void
  ) {
    depthOffsets.withUnsafeBufferPointer { depth in
      pixelRowOffsets.withUnsafeBufferPointer { pixelRows in
        withUnsafeTemporaryAllocation(of: Int.self, capacity: tileRows) { rows in
          guard let d = depth.baseAddress, let p = pixelRows.baseAddress, let c = rows.baseAddress
          else { return }
          for i in 0..<tileRows { c[i] = i * geometry.filters }
          body(d + first, p, c)
        }
      }
    }
  }
}
