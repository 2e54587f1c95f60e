// The loops of batch normalization over rows of channels (Ioffe and Szegedy, 2015).
//
// Sums run down the rows of one chunk, a chain a channel; the caller adds the chunks in order.

/// What batch normalization multiplies each channel with and adds to it: `x * scale + shift`.
public struct ChannelMap {
  public var scale: Source
  public var shift: Source
  /// Whether a ReLU follows.
  public var rectifying: Bool

  @inlinable
  public init(scale: Source, shift: Source, rectifying: Bool) {
    self.scale = scale
    self.shift = shift
    self.rectifying = rectifying
  }
}

/// The first pass back through one chunk of rows.
public struct BatchNormSums {
  public var dy: Source
  public var x: Source
  public var rows: Rows
  public var mean: Source
  /// What the forward pass did.
  public var map: ChannelMap
  /// Overwritten with `Σ dy` and `Σ dy (x − mean)`, a float a channel each.
  public var sums: Target
  public var products: Target

  @inlinable
  public init(
    dy: Source, x: Source, rows: Rows, mean: Source, map: ChannelMap, sums: Target,
    products: Target
  ) {
    self.dy = dy
    self.x = x
    self.rows = rows
    self.mean = mean
    self.map = map
    self.sums = sums
    self.products = products
  }
}

/// The second pass back through one chunk of rows.
public struct BatchNormGradient {
  public var dy: Source
  public var x: Source
  public var rows: Rows
  public var mean: Source
  /// What the forward pass did.
  public var map: ChannelMap
  /// What the deviation is multiplied with, and what is added, a float a channel each.
  public var slope: Source
  public var offset: Source
  public var dx: Target

  @inlinable
  public init(
    dy: Source, x: Source, rows: Rows, mean: Source, map: ChannelMap, slope: Source,
    offset: Source, dx: Target
  ) {
    self.dy = dy
    self.x = x
    self.rows = rows
    self.mean = mean
    self.map = map
    self.slope = slope
    self.offset = offset
    self.dx = dx
  }
}

extension Kernels {
  /// Mean and sum of squared deviations of each channel over one chunk of rows, in two passes over
  /// what is then in the cache, because one pass cancels.
  @inlinable @inline(__always)
  public static func moments(_ x: Source, _ rows: Rows, mean: Target, squares: Target) {
    let share = 1 / Float(rows.count)
    forEachWide(rows.length) { channel, valid in
      var total = Wide()
      var p = x + channel
      for _ in 0..<rows.count {
        total += loadWide(p, valid)
        p += rows.length
      }
      let center = total * share
      var square = Wide()
      p = x + channel
      for _ in 0..<rows.count {
        let d = loadWide(p, valid) - center
        square = multiplyAdd(d, d, square)
        p += rows.length
      }
      storeWide(center, mean + channel, valid)
      storeWide(square, squares + channel, valid)
    }
  }

  /// `y = x * scale + shift`, channel by channel, negative results replaced by zero if the map
  /// rectifies.
  @inlinable @inline(__always)
  public static func scaleShiftRows(_ x: Source, _ rows: Rows, by map: ChannelMap, to y: Target) {
    forEachWide(rows.length) { channel, valid in
      let a = loadWide(map.scale + channel, valid)
      let b = loadWide(map.shift + channel, valid)
      var i = channel
      for _ in 0..<rows.count {
        let v = multiplyAdd(loadWide(x + i, valid), a, b)
        storeWide(map.rectifying ? Wide.larger(Wide(), v) : v, y + i, valid)
        i += rows.length
      }
    }
  }

  /// `Σ dy` and `Σ dy (x − mean)` over one chunk of rows. Behind a ReLU, `dy` counts only where
  /// the forward pass's `x * scale + shift` was positive.
  @inlinable @inline(__always)
  public static func batchNormSums(_ t: BatchNormSums) {
    forEachWide(t.rows.length) { channel, valid in
      let center = loadWide(t.mean + channel, valid)
      let a = loadWide(t.map.scale + channel, valid)
      let b = loadWide(t.map.shift + channel, valid)
      var total = Wide()
      var product = Wide()
      var i = channel
      for _ in 0..<t.rows.count {
        let v = loadWide(t.x + i, valid)
        var d = loadWide(t.dy + i, valid)
        if t.map.rectifying { d = d.replacing(with: 0, where: multiplyAdd(v, a, b) .<= Wide()) }
        total += d
        product = multiplyAdd(d, v - center, product)
        i += t.rows.length
      }
      storeWide(total, t.sums + channel, valid)
      storeWide(product, t.products + channel, valid)
    }
  }

  /// `dx = scale * dy + slope * (x − mean) + offset`, channel by channel, with the same
  /// rectification.
  @inlinable @inline(__always)
  public static func batchNormBackward(_ t: BatchNormGradient) {
    forEachWide(t.rows.length) { channel, valid in
      let center = loadWide(t.mean + channel, valid)
      let a = loadWide(t.map.scale + channel, valid)
      let b = loadWide(t.map.shift + channel, valid)
      let s = loadWide(t.slope + channel, valid)
      let o = loadWide(t.offset + channel, valid)
      var i = channel
      for _ in 0..<t.rows.count {
        let v = loadWide(t.x + i, valid)
        var d = loadWide(t.dy + i, valid)
        if t.map.rectifying { d = d.replacing(with: 0, where: multiplyAdd(v, a, b) .<= Wide()) }
        storeWide(multiplyAdd(a, d, multiplyAdd(s, v - center, o)), t.dx + i, valid)
        i += t.rows.length
      }
    }
  }
}
