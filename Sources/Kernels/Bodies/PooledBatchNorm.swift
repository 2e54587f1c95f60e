// Batch normalization with a ReLU and 2 x 2 max pooling behind it: the loops of `BatchNorm.swift`
// over pairs of image rows, so that the normalized image is never written. A window's gradient
// belongs to one pixel, or to none where the ReLU made it zero (`noPosition`).

/// Pairs of image rows, which are rows of windows.
public struct RowPairs {
  public var count: Int
  /// The pixels of a row, and the floats of a pixel.
  public var width: Int
  public var channels: Int

  @inlinable
  public init(count: Int, width: Int, channels: Int) {
    self.count = count
    self.width = width
    self.channels = channels
  }

  /// Calls `body` for each window with the offset of its first pixel and of its output.
  @inlinable @inline(__always)
  func forEachWindow(channel: Int, _ body: (_ pixel: Int, _ output: Int) -> Void) {
    for pair in 0..<count {
      for window in 0..<width / 2 {
        body(
          (pair * 2 * width + 2 * window) * channels + channel,
          (pair * (width / 2) + window) * channels + channel)
      }
    }
  }
}

/// The first pass back through some pairs of rows.
public struct PooledBatchNormSums {
  /// The gradient of each window, and which of its pixels it belongs to.
  public var dy: Source
  public var choice: UnsafePointer<UInt8>
  public var x: Source
  public var pairs: RowPairs
  public var mean: Source
  /// Overwritten with `Σ dy` and `Σ dy (x − mean)`, a float a channel each.
  public var sums: Target
  public var products: Target

  @inlinable
  public init(
    dy: Source, choice: UnsafePointer<UInt8>, x: Source, pairs: RowPairs, mean: Source,
    sums: Target, products: Target
  ) {
    self.dy = dy
    self.choice = choice
    self.x = x
    self.pairs = pairs
    self.mean = mean
    self.sums = sums
    self.products = products
  }
}

/// The second pass back through some pairs of rows.
public struct PooledBatchNormGradient {
  /// The gradient of each window, and which of its pixels it belongs to.
  public var dy: Source
  public var choice: UnsafePointer<UInt8>
  public var x: Source
  public var pairs: RowPairs
  public var mean: Source
  /// What `dy` and the deviation are multiplied with, and what is added, a float a channel each.
  public var scale: Source
  public var slope: Source
  public var offset: Source
  public var dx: Target

  @inlinable
  public init(
    dy: Source, choice: UnsafePointer<UInt8>, x: Source, pairs: RowPairs, mean: Source,
    scale: Source, slope: Source, offset: Source, dx: Target
  ) {
    self.dy = dy
    self.choice = choice
    self.x = x
    self.pairs = pairs
    self.mean = mean
    self.scale = scale
    self.slope = slope
    self.offset = offset
    self.dx = dx
  }
}

extension Kernels {
  /// `y = max of x * scale + shift` over each window, at least zero, and which pixel it was.
  @inlinable @inline(__always)
  public static func poolNormalized(
    _ x: Source, _ pairs: RowPairs, by map: ChannelMap, to y: Target,
    choice: UnsafeMutablePointer<UInt8>?
  ) {
    let row = pairs.width * pairs.channels
    forEachWide(pairs.channels) { channel, valid in
      let s = loadWide(map.scale + channel, valid)
      let t = loadWide(map.shift + channel, valid)
      pairs.forEachWindow(channel: channel) { pixel, output in
        let a = multiplyAdd(loadWide(x + pixel, valid), s, t)
        let b = multiplyAdd(loadWide(x + pixel + pairs.channels, valid), s, t)
        let c = multiplyAdd(loadWide(x + pixel + row, valid), s, t)
        let d = multiplyAdd(loadWide(x + pixel + row + pairs.channels, valid), s, t)
        storeWindow(a, b, c, d, floor: Wide(), y + output, choice.map { $0 + output }, valid)
      }
    }
  }

  /// `Σ dy` and `Σ dy (x − mean)`, where each `dy` belongs to one pixel of its window or to none.
  @inlinable @inline(__always)
  public static func pooledBatchNormSums(_ t: PooledBatchNormSums) {
    let row = t.pairs.width * t.pairs.channels
    forEachWide(t.pairs.channels) { channel, valid in
      let center = loadWide(t.mean + channel, valid)
      var (total, product) = (Wide(), Wide())
      t.pairs.forEachWindow(channel: channel) { pixel, output in
        let position = loadBytes(t.choice + output, valid)
        let d = loadWide(t.dy + output, valid)
          .replacing(with: 0, where: position .== WideInt(repeating: 4))
        let chosen = loadWide(t.x + pixel, valid)
          .replacing(
            with: loadWide(t.x + pixel + t.pairs.channels, valid),
            where: position .== WideInt(repeating: 1)
          )
          .replacing(
            with: loadWide(t.x + pixel + row, valid), where: position .== WideInt(repeating: 2)
          )
          .replacing(
            with: loadWide(t.x + pixel + row + t.pairs.channels, valid),
            where: position .== WideInt(repeating: 3))
        total += d
        product = multiplyAdd(d, chosen - center, product)
      }
      storeWide(total, t.sums + channel, valid)
      storeWide(product, t.products + channel, valid)
    }
  }

  /// `dx = slope * (x − mean) + offset`, and `+ scale * dy` for the pixel that `dy` belongs to.
  @inlinable @inline(__always)
  public static func pooledBatchNormBackward(_ t: PooledBatchNormGradient) {
    let row = t.pairs.width * t.pairs.channels
    forEachWide(t.pairs.channels) { channel, valid in
      let center = loadWide(t.mean + channel, valid)
      let a = loadWide(t.scale + channel, valid)
      let s = loadWide(t.slope + channel, valid)
      let o = loadWide(t.offset + channel, valid)
      t.pairs.forEachWindow(channel: channel) { pixel, output in
        let position = loadBytes(t.choice + output, valid)
        let d = loadWide(t.dy + output, valid) * a
        for j in 0..<4 {
          let place = pixel + (j >> 1) * row + (j & 1) * t.pairs.channels
          let share = Wide().replacing(with: d, where: position .== WideInt(repeating: Int32(j)))
          let rest = multiplyAdd(s, loadWide(t.x + place, valid) - center, o)
          storeWide(rest + share, t.dx + place, valid)
        }
      }
    }
  }
}
