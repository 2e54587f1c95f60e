// Max pooling of 2 x 2 windows whose four pixels lie one after the other, as a convolution leaves
// them that computes its pixels window by window; and the way back.

/// The position that stands for "none" where a ReLU made a whole window zero.
@inlinable public var noPosition: UInt8 { 4 }

/// The largest of each window's four rows, and which row it was (the first of equals).
///
/// - Parameters:
///   - x: rows of `channels` floats, `stride` apart, four a window; whole vectors are read, so 15
///     more floats must be readable behind the last.
///   - rectifying: makes negative maxima zero and their position ``noPosition``.
///   - y: rows of `channels` floats without gaps, one a window; `choice` likewise.
@inlinable @inline(__always)
public func poolWindows(
  _ x: Source, stride: Int, windows: Int, channels: Int, rectifying: Bool, _ y: Target,
  _ choice: UnsafeMutablePointer<UInt8>?
) {
  let floor = Wide(repeating: rectifying ? 0 : -.infinity)
  for window in 0..<windows {
    let from = x + window * 4 * stride
    let output = window * channels
    forEachWide(channels) { channel, valid in
      let a: Wide = load(from + channel)
      let b: Wide = load(from + channel + stride)
      let c: Wide = load(from + channel + 2 * stride)
      let d: Wide = load(from + channel + 3 * stride)
      storeWindow(
        a, b, c, d, floor: floor, y + output + channel, choice.map { $0 + output + channel }, valid)
    }
  }
}

/// Stores the largest of four pixels, at least `floor`, and which one it was.
@_transparent @usableFromInline
func storeWindow(
  _ a: Wide, _ b: Wide, _ c: Wide, _ d: Wide, floor: Wide, _ y: Target,
  _ choice: UnsafeMutablePointer<UInt8>?, _ valid: Int
) {
  let (ab, cd) = (Wide.larger(b, a), Wide.larger(d, c))
  let best = Wide.larger(cd, ab)
  storeWide(Wide.larger(floor, best), y, valid)
  guard let choice else { return }
  let first = WideInt().replacing(with: WideInt(repeating: 1), where: b .> a)
  let second = WideInt(repeating: 2).replacing(with: WideInt(repeating: 3), where: d .> c)
  let position = first.replacing(with: second, where: cd .> ab)
    .replacing(with: WideInt(repeating: 4), where: best .<= floor)
  storeBytes(position, choice, valid)
}

/// Writes the gradients of one image's windows where their maxima came from, and zero elsewhere.
///
/// - Parameters:
///   - dy: `[height, width, channels]`, one row of channels a window.
///   - choice: the positions of the maxima, likewise.
///   - dx: `[2 height, 2 width, channels]`, overwritten.
@inlinable @inline(__always)
public func spreadWindows(
  _ dy: Source, _ choice: UnsafePointer<UInt8>, height: Int, width: Int, channels: Int,
  _ dx: Target
) {
  let row = 2 * width * channels
  for y in 0..<height {
    for x in 0..<width {
      let window = (y * width + x) * channels
      let to = dx + 2 * y * row + 2 * x * channels
      forEachWide(channels) { channel, valid in
        let d = loadWide(dy + window + channel, valid)
        let position = loadBytes(choice + window + channel, valid)
        let zero = Wide()
        let p = to + channel
        storeWide(zero.replacing(with: d, where: position .== WideInt()), p, valid)
        storeWide(
          zero.replacing(with: d, where: position .== WideInt(repeating: 1)), p + channels, valid)
        storeWide(
          zero.replacing(with: d, where: position .== WideInt(repeating: 2)), p + row, valid)
        storeWide(
          zero.replacing(with: d, where: position .== WideInt(repeating: 3)), p + row + channels,
          valid)
      }
    }
  }
}

/// Makes the gradients zero whose window was zero: the derivative of the ReLU.
@inlinable @inline(__always)
public func maskWindows(_ dy: Target, _ choice: UnsafePointer<UInt8>, count: Int) {
  forEachWide(count) { i, valid in
    let none = loadBytes(choice + i, valid) .== WideInt(repeating: 4)
    storeWide(loadWide(Source(dy) + i, valid).replacing(with: 0, where: none), dy + i, valid)
  }
}
