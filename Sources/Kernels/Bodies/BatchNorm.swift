// The loops of batch normalization over rows of channels (Ioffe and Szegedy, 2015).
//
// Sums run down the rows of one chunk, a chain a channel; the caller adds the chunks in order.

/// Mean and sum of squared deviations of each channel over one chunk of rows, in two passes over
/// what is then in the cache, because one pass cancels.
@inlinable @inline(__always)
public func moments<I: InstructionSet>(
  _: I.Type, _ x: Source, rows: Int, channels: Int, _ mean: Target, _ squares: Target
) {
  let share = 1 / Float(rows)
  forEachWide(channels) { channel, valid in
    var total = Wide()
    var p = x + channel
    for _ in 0..<rows {
      total += loadWide(p, valid)
      p += channels
    }
    let center = total * share
    var square = Wide()
    p = x + channel
    for _ in 0..<rows {
      let d = loadWide(p, valid) - center
      square = I.multiplyAdd(d, d, square)
      p += channels
    }
    storeWide(center, mean + channel, valid)
    storeWide(square, squares + channel, valid)
  }
}

/// `y = x * scale + shift`, channel by channel, negative results replaced by zero if `rectifying`.
@inlinable @inline(__always)
public func scaleShiftRows<I: InstructionSet>(
  _: I.Type, _ x: Source, rows: Int, channels: Int, scale: Source, shift: Source, rectifying: Bool,
  _ y: Target
) {
  forEachWide(channels) { channel, valid in
    let a = loadWide(scale + channel, valid)
    let b = loadWide(shift + channel, valid)
    var i = channel
    for _ in 0..<rows {
      let v = I.multiplyAdd(loadWide(x + i, valid), a, b)
      storeWide(rectifying ? Wide.larger(Wide(), v) : v, y + i, valid)
      i += channels
    }
  }
}

/// `Σ dy` and `Σ dy (x − mean)` over one chunk of rows. With `rectifying`, `dy` counts only where
/// the forward pass's `x * scale + shift` was positive.
@inlinable @inline(__always)
public func batchNormSums<I: InstructionSet>(
  _: I.Type, _ dy: Source, _ x: Source, rows: Int, channels: Int, mean: Source, scale: Source,
  shift: Source, rectifying: Bool, _ sums: Target, _ products: Target
) {
  forEachWide(channels) { channel, valid in
    let center = loadWide(mean + channel, valid)
    let a = loadWide(scale + channel, valid)
    let b = loadWide(shift + channel, valid)
    var total = Wide()
    var product = Wide()
    var i = channel
    for _ in 0..<rows {
      let v = loadWide(x + i, valid)
      var d = loadWide(dy + i, valid)
      if rectifying { d = d.replacing(with: 0, where: I.multiplyAdd(v, a, b) .<= Wide()) }
      total += d
      product = I.multiplyAdd(d, v - center, product)
      i += channels
    }
    storeWide(total, sums + channel, valid)
    storeWide(product, products + channel, valid)
  }
}

/// `dx = scale * dy + slope * (x − mean) + offset`, channel by channel, with the same
/// rectification.
@inlinable @inline(__always)
public func batchNormBackward<I: InstructionSet>(
  _: I.Type, _ dy: Source, _ x: Source, rows: Int, channels: Int, mean: Source, scale: Source,
  shift: Source, slope: Source, offset: Source, rectifying: Bool, _ dx: Target
) {
  forEachWide(channels) { channel, valid in
    let center = loadWide(mean + channel, valid)
    let a = loadWide(scale + channel, valid)
    let b = loadWide(shift + channel, valid)
    let s = loadWide(slope + channel, valid)
    let o = loadWide(offset + channel, valid)
    var i = channel
    for _ in 0..<rows {
      let v = loadWide(x + i, valid)
      var d = loadWide(dy + i, valid)
      if rectifying { d = d.replacing(with: 0, where: I.multiplyAdd(v, a, b) .<= Wide()) }
      storeWide(I.multiplyAdd(a, d, I.multiplyAdd(s, v - center, o)), dx + i, valid)
      i += channels
    }
  }
}
