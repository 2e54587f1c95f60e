import KernelBodies

extension Device {
  /// What a layer makes of images of bytes: `[N, H, W, C]` becomes `[N, H', W', filters]`.
  ///
  /// The sums of a tile are in the cache when they become bytes again. Tiles run over the pixels of all
  /// images, so that small images fill them too.
  public func apply(_ layer: ByteLayer, to x: [Int8], count: Int) -> [Int8] {
    let g = layer.geometry
    precondition(layer.level == byteLevel, "a layer packed for another way to multiply bytes")
    precondition(x.count == count * g.height * g.width * g.channels, "images of a layer of bytes")
    let pixels = count * g.outputHeight * g.outputWidth
    let factors = writeFactors(of: x, count: count, layer)
    return [Int8](unsafeUninitializedCapacity: pixels * g.filters) { y, written in
      guard let y = y.baseAddress else { return }
      let rows = byteKernels.tileRows
      let tiles = (pixels + rows - 1) / rows
      parallelRanges(tiles, grain: Self.blockTiles) { range in
        for first in stride(from: range.lowerBound, to: range.upperBound, by: Self.blockTiles) {
          let end = min(first + Self.blockTiles, range.upperBound)
          compute(
            layer, UnsafeRawPointer(factors), first * rows..<min(end * rows, pixels), to: y)
        }
      }
      written = pixels * g.filters
    }
  }

  /// Tiles that read a panel of weights one after the other.
  private static let blockTiles = 16

  /// The images of a batch as factors, with borders. A tile reads up to three bytes beyond the last.
  private func writeFactors(
    of x: [Int8], count: Int, _ layer: ByteLayer
  ) -> UnsafeMutableRawPointer {
    let g = layer.geometry
    let (size, padded) = (
      g.height * g.width * g.channels,
      g.paddedHeight * g.paddedWidth * g.channels * byteKernels.factorBytes
    )
    let factors = UnsafeMutableRawPointer(scratch(count * padded / 4 + 2))
    x.withUnsafeBufferPointer { x in
      guard let x = x.baseAddress else { return }
      parallelRanges(count, grain: max(1, 1 << 14 / max(1, size))) { range in
        for number in range {
          var image = ByteImage(
            x: x + number * size, height: g.height, width: g.width, channels: g.channels,
            padding: g.padding, zeroPoint: layer.inputZero)
          byteKernels.writeFactors(&image, to: factors + number * padded)
        }
      }
    }
    return factors
  }

  /// Some pixels of the output.
  private func compute(
    _ layer: ByteLayer, _ factors: UnsafeRawPointer, _ pixels: Range<Int>,
    to y: UnsafeMutablePointer<Int8>
  ) {
    let g = layer.geometry
    let (rows, lanes) = (byteKernels.tileRows, byteKernels.tileLanes)
    let tiles = (pixels.count + rows - 1) / rows
    withUnsafeTemporaryAllocation(of: Int.self, capacity: tiles * rows) { offsets in
      for place in 0..<tiles * rows {
        offsets[place] = layer.offset(
          of: min(pixels.lowerBound + place, pixels.upperBound - 1), byteKernels.factorBytes)
      }
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: rows * 2 * lanes) { sums in
        for first in stride(from: 0, to: layer.biases.count, by: 2 * lanes) {
          let width = min(2 * lanes, layer.biases.count - first)
          for tile in 0..<tiles {
            let pixel = pixels.lowerBound + tile * rows
            let job = ByteTileJob(
              firstColumn: first, width: width, rows: min(rows, pixels.upperBound - pixel))
            compute(
              job, layer, factors, offsets.baseAddress! + tile * rows, sums.baseAddress!,
              to: y + pixel * g.filters + first)
          }
        }
      }
    }
  }

  /// A tile of the output.
  private struct ByteTileJob {
    var firstColumn: Int
    var width: Int
    var rows: Int
  }

  private func compute(
    _ job: ByteTileJob, _ layer: ByteLayer, _ factors: UnsafeRawPointer,
    _ offsets: UnsafePointer<Int>, _ sums: UnsafeMutablePointer<Int32>,
    to y: UnsafeMutablePointer<Int8>
  ) {
    let g = layer.geometry
    let depth = g.kernelSize * layer.runWords
    layer.words.withUnsafeBufferPointer { words in
      var tile = ByteTileArguments(
        a: factors, aOffsets: offsets, runCount: g.kernelSize,
        runStep: g.paddedWidth * g.channels * byteKernels.factorBytes, runWords: layer.runWords,
        b: words.baseAddress! + depth * job.firstColumn, c: sums, rowCount: job.rows,
        vectorCount: job.width / byteKernels.tileLanes)
      byteKernels.tile(&tile)
    }
    layer.biases.withUnsafeBufferPointer { biases in
      layer.multipliers.withUnsafeBufferPointer { multipliers in
        layer.shifts.withUnsafeBufferPointer { shifts in
          var result = RequantizationArguments(
            sums: sums, rowCount: job.rows, width: job.width,
            biases: biases.baseAddress! + job.firstColumn,
            multipliers: multipliers.baseAddress! + job.firstColumn,
            shifts: shifts.baseAddress! + job.firstColumn,
            columns: min(job.width, g.filters - job.firstColumn), zeroPoint: layer.outputZero,
            y: y, yStep: g.filters)
          byteKernels.requantize(&result)
        }
      }
    }
  }

  /// The largest byte of each window of images `[N, H, W, C]`.
  public func maxPool(_ x: [Int8], count: Int, _ g: PoolingGeometry) -> [Int8] {
    precondition(x.count == count * g.inputSize, "images of a pooling of bytes")
    return [Int8](unsafeUninitializedCapacity: count * g.outputSize) { y, written in
      guard let y = y.baseAddress else { return }
      x.withUnsafeBufferPointer { x in
        parallelRanges(count, grain: max(1, 1 << 13 / max(1, g.inputSize))) { range in
          for image in range {
            byteKernels.maxPool(
              x.baseAddress! + image * g.inputSize, g.kernel, to: y + image * g.outputSize)
          }
        }
      }
      written = count * g.outputSize
    }
  }
}

extension ByteLayer {
  /// Where the window of a pixel of the output begins in the factors of a batch, in bytes.
  fileprivate func offset(of pixel: Int, _ factorBytes: Int) -> Int {
    let g = geometry
    let (image, place) = pixel.quotientAndRemainder(dividingBy: g.outputHeight * g.outputWidth)
    let (row, column) = place.quotientAndRemainder(dividingBy: g.outputWidth)
    let start =
      (image * g.paddedHeight + row * g.stride) * g.paddedWidth + column * g.stride
    return start * g.channels * factorBytes
  }
}
