// Max pooling of 2 x 2 windows whose four pixels lie one after the other, as a convolution leaves
// them that computes its pixels window by window; and the way back.

/// The position that stands for "none" where a ReLU made a whole window zero.
@inlinable public var noPosition: UInt8 { 4 }

/// Windows side by side whose four pixels are rows of floats one after the other.
public struct WindowArguments {
  /// Rows of `channels` floats, `stride` apart, four a window; 15 more floats must be readable
  /// behind the last.
  public var x: Source
  public var stride: Int
  public var windows: Int
  public var channels: Int
  /// Makes negative maxima zero and their position ``noPosition``.
  public var rectifying: Bool
  /// Rows of `channels` elements without gaps, one a window. Overwritten with as many as 15
  /// elements behind them.
  public var y: Target
  public var choice: UnsafeMutablePointer<UInt8>?

  @inlinable
  public init(
    x: Source, stride: Int, windows: Int, channels: Int, rectifying: Bool, y: Target,
    choice: UnsafeMutablePointer<UInt8>?
  ) {
    self.x = x
    self.stride = stride
    self.windows = windows
    self.channels = channels
    self.rectifying = rectifying
    self.y = y
    self.choice = choice
  }
}

/// Rows and columns of windows, and the floats of a pixel.
public struct WindowGrid {
  public var height: Int
  public var width: Int
  public var channels: Int

  @inlinable
  public init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
  }
}

extension Kernels {
  /// The largest of each window's four rows, and which row it was (the first of equals).
  ///
  /// Whole vectors are read and written, window after window, so that the next window overwrites
  /// what is too much.
  @inlinable @inline(__always)
  public static func poolWindows(_ t: WindowArguments) {
    let floor = Wide(repeating: t.rectifying ? 0 : -.infinity)
    for window in 0..<t.windows {
      let from = t.x + window * 4 * t.stride
      let output = window * t.channels
      var channel = 0
      while channel < t.channels {
        let a: Wide = load(from + channel)
        let b: Wide = load(from + channel + t.stride)
        let c: Wide = load(from + channel + 2 * t.stride)
        let d: Wide = load(from + channel + 3 * t.stride)
        storeWindow(
          a, b, c, d, floor: floor, t.y + output + channel,
          t.choice.map { $0 + output + channel }, 16)
        channel += 16
      }
    }
  }

  /// Writes the gradients of one image's windows where their maxima came from, and zero elsewhere.
  ///
  /// Whole vectors are written, pixel after pixel, so that the next pixel overwrites what is too much.
  ///
  /// - Parameters:
  ///   - dy: `[height, width, channels]` of the grid, one row of channels a window.
  ///   - choice: the positions of the maxima, likewise.
  ///   - dx: `[2 height, 2 width, channels]`, overwritten, and as many as 15 floats behind it.
  @inlinable @inline(__always)
  public static func spreadWindows(
    _ dy: Source, choice: UnsafePointer<UInt8>, _ grid: WindowGrid, to dx: Target
  ) {
    let (height, width, channels) = (grid.height, grid.width, grid.channels)
    let end = height * width * channels
    for y in 0..<2 * height {
      for x in 0..<2 * width {
        let window = (y / 2 * width + x / 2) * channels
        let here = WideInt(repeating: Int32(y % 2 * 2 + x % 2))
        let to = dx + (y * 2 * width + x) * channels
        var channel = 0
        while channel < channels {
          let valid = min(16, end - window - channel)
          let d = loadWide(dy + window + channel, valid)
          let position = loadBytes(choice + window + channel, valid)
          store(Wide().replacing(with: d, where: position .== here), to + channel)
          channel += 16
        }
      }
    }
  }

  /// Makes the gradients zero whose window was zero: the derivative of the ReLU.
  @inlinable @inline(__always)
  public static func maskWindows(
    _ dy: Target, choice: UnsafePointer<UInt8>, count: Int
  ) {
    forEachWide(count) { i, valid in
      let none = loadBytes(choice + i, valid) .== WideInt(repeating: 4)
      storeWide(loadWide(Source(dy) + i, valid).replacing(with: 0, where: none), dy + i, valid)
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
