// Batch normalization with a ReLU and 2 x 2 max pooling behind it: the loops of `BatchNorm.swift`
// over pairs of image rows, so that the normalized image is never written. A window's gradient
// belongs to one pixel, or to none where the ReLU made it zero (`noPosition`).

/// Calls `body` for each window of `pairs` pairs of rows with the offset of its first pixel and of
/// its output, and the lanes in use.
@inlinable @inline(__always)
func forEachWindow(
  pairs: Int, width: Int, channels: Int, channel: Int, _ body: (_ pixel: Int, _ output: Int) -> Void
) {
  for pair in 0..<pairs {
    for window in 0..<width / 2 {
      body(
        (pair * 2 * width + 2 * window) * channels + channel,
        (pair * (width / 2) + window) * channels + channel)
    }
  }
}

/// `y = max of x * scale + shift` over each window, at least zero, and which pixel it was.
@inlinable @inline(__always)
public func poolNormalized<I: InstructionSet>(
  _: I.Type, _ x: Source, pairs: Int, width: Int, channels: Int, scale: Source, shift: Source,
  _ y: Target, _ choice: UnsafeMutablePointer<UInt8>?
) {
  let row = width * channels
  forEachWide(channels) { channel, valid in
    let s = loadWide(scale + channel, valid)
    let t = loadWide(shift + channel, valid)
    forEachWindow(pairs: pairs, width: width, channels: channels, channel: channel) {
      pixel, output in
      let a = I.multiplyAdd(loadWide(x + pixel, valid), s, t)
      let b = I.multiplyAdd(loadWide(x + pixel + channels, valid), s, t)
      let c = I.multiplyAdd(loadWide(x + pixel + row, valid), s, t)
      let d = I.multiplyAdd(loadWide(x + pixel + row + channels, valid), s, t)
      storeWindow(a, b, c, d, floor: Wide(), y + output, choice.map { $0 + output }, valid)
    }
  }
}

/// `Σ dy` and `Σ dy (x − mean)`, where each `dy` belongs to one pixel of its window or to none.
@inlinable @inline(__always)
public func pooledBatchNormSums<I: InstructionSet>(
  _: I.Type, _ dy: Source, _ choice: UnsafePointer<UInt8>, _ x: Source, pairs: Int, width: Int,
  channels: Int, mean: Source, _ sums: Target, _ products: Target
) {
  let row = width * channels
  forEachWide(channels) { channel, valid in
    let center = loadWide(mean + channel, valid)
    var (total, product) = (Wide(), Wide())
    forEachWindow(pairs: pairs, width: width, channels: channels, channel: channel) {
      pixel, output in
      let position = loadBytes(choice + output, valid)
      let d = loadWide(dy + output, valid)
        .replacing(with: 0, where: position .== WideInt(repeating: 4))
      let chosen = loadWide(x + pixel, valid)
        .replacing(
          with: loadWide(x + pixel + channels, valid), where: position .== WideInt(repeating: 1)
        )
        .replacing(
          with: loadWide(x + pixel + row, valid), where: position .== WideInt(repeating: 2)
        )
        .replacing(
          with: loadWide(x + pixel + row + channels, valid),
          where: position .== WideInt(repeating: 3))
      total += d
      product = I.multiplyAdd(d, chosen - center, product)
    }
    storeWide(total, sums + channel, valid)
    storeWide(product, products + channel, valid)
  }
}

/// `dx = slope * (x − mean) + offset`, and `+ scale * dy` for the pixel that `dy` belongs to.
@inlinable @inline(__always)
public func pooledBatchNormBackward<I: InstructionSet>(
  _: I.Type, _ dy: Source, _ choice: UnsafePointer<UInt8>, _ x: Source, pairs: Int, width: Int,
  channels: Int, mean: Source, scale: Source, slope: Source, offset: Source, _ dx: Target
) {
  let row = width * channels
  forEachWide(channels) { channel, valid in
    let center = loadWide(mean + channel, valid)
    let a = loadWide(scale + channel, valid)
    let s = loadWide(slope + channel, valid)
    let o = loadWide(offset + channel, valid)
    forEachWindow(pairs: pairs, width: width, channels: channels, channel: channel) {
      pixel, output in
      let position = loadBytes(choice + output, valid)
      let d = loadWide(dy + output, valid) * a
      for j in 0..<4 {
        let place = pixel + (j >> 1) * row + (j & 1) * channels
        let share = Wide().replacing(with: d, where: position .== WideInt(repeating: Int32(j)))
        let rest = I.multiplyAdd(s, loadWide(x + place, valid) - center, o)
        storeWide(rest + share, dx + place, valid)
      }
    }
  }
}
