// Max and average pooling of one image, channels in the lanes.

/// The geometry of a pooling window over one `[H, W, C]` image, without padding.
public struct PoolGeometry: Sendable {
  public let height: Int, width: Int, channels: Int, size: Int, stride: Int

  public init(height: Int, width: Int, channels: Int, size: Int, stride: Int) {
    self.height = height
    self.width = width
    self.channels = channels
    self.size = size
    self.stride = stride
  }

  @inlinable public var outputHeight: Int { (height - size) / stride + 1 }
  @inlinable public var outputWidth: Int { (width - size) / stride + 1 }

  /// Calls `body` with the first element of each window and of its output, and the lanes in use.
  @inlinable @inline(__always)
  func forEachWindow(_ body: (_ window: Int, _ output: Int, _ valid: Int) -> Void) {
    for y in 0..<outputHeight {
      for x in 0..<outputWidth {
        let window = (y * width + x) * stride * channels
        let output = (y * outputWidth + x) * channels
        forEachWide(channels) { body(window + $0, output + $0, $1) }
      }
    }
  }

  /// Calls `body` with the number and the offset of each position in a window.
  @inlinable @inline(__always)
  func forEachPosition(_ body: (_ number: Int, _ offset: Int) -> Void) {
    for r in 0..<size {
      for s in 0..<size { body(r * size + s, (r * width + s) * channels) }
    }
  }
}

extension Kernels {
  /// The largest value of each window, and the number of its position in the window (row by row; the
  /// first of equals). What is not a number counts as larger than any number, so that it is not lost.
  @inlinable @inline(__always)
  public static func maxPool(
    _ x: Source, _ g: PoolGeometry, to y: Target, choice: UnsafeMutablePointer<UInt8>?
  ) {
    g.forEachWindow { window, output, valid in
      var best = loadWide(x + window, valid)
      var position = WideInt()
      g.forEachPosition { number, offset in
        let v = loadWide(x + window + offset, valid)
        let wins = (v .> best) .| (v .!= v)
        best = best.replacing(with: v, where: wins)
        position = position.replacing(with: WideInt(repeating: Int32(number)), where: wins)
      }
      storeWide(best, y + output, valid)
      if let choice { storeBytes(position, choice + output, valid) }
    }
  }

  /// Adds each output's gradient to the input it came from; `dx` holds zeros.
  @inlinable @inline(__always)
  public static func maxPoolBackward(
    _ dy: Source, _ g: PoolGeometry, choice: UnsafePointer<UInt8>, to dx: Target
  ) {
    g.forEachWindow { window, output, valid in
      let d = loadWide(dy + output, valid)
      let position = loadBytes(choice + output, valid)
      g.forEachPosition { number, offset in
        let to = dx + window + offset
        let chosen = position .== WideInt(repeating: Int32(number))
        storeWide(loadWide(Source(to), valid) + Wide().replacing(with: d, where: chosen), to, valid)
      }
    }
  }

  /// The mean of each window.
  @inlinable @inline(__always)
  public static func averagePool(_ x: Source, _ g: PoolGeometry, to y: Target) {
    let share = 1 / Float(g.size * g.size)
    g.forEachWindow { window, output, valid in
      var total = Wide()
      g.forEachPosition { _, offset in total += loadWide(x + window + offset, valid) }
      storeWide(total * share, y + output, valid)
    }
  }

  /// Spreads each output's gradient evenly over its window; `dx` holds zeros.
  @inlinable @inline(__always)
  public static func averagePoolBackward(_ dy: Source, _ g: PoolGeometry, to dx: Target) {
    let share = 1 / Float(g.size * g.size)
    g.forEachWindow { window, output, valid in
      let d = loadWide(dy + output, valid) * share
      g.forEachPosition { _, offset in
        let to = dx + window + offset
        storeWide(loadWide(Source(to), valid) + d, to, valid)
      }
    }
  }
}
