// What every instruction set computes of whole numbers of eight bits, and all of it but the tile. The
// loops are plain: the compiler makes vectors of them, as wide as the module's flags allow.

/// Every kernel of bytes, for one way to multiply them.
public protocol ByteKernels {
  /// Bytes of a factor in a word: 1 if four unsigned ones are in it, 2 if two of 16 bits.
  static var factorBytes: Int { get }
  /// The tile's rows, and the sums in one of its vectors.
  static var tileRows: Int { get }
  static var tileLanes: Int { get }
  static func tile(_ t: UnsafePointer<ByteTileArguments>)
  static func requantize(_ t: UnsafePointer<RequantizationArguments>)
  static func writeFactors(_ image: UnsafePointer<ByteImage>, to factors: UnsafeMutableRawPointer)
  static func maxPool(
    _ x: UnsafePointer<Int8>, _ g: PoolGeometry, to y: UnsafeMutablePointer<Int8>)
}

/// Rows of sums on their way to bytes.
@frozen public struct RequantizationArguments {
  /// In rows of `width`.
  public var sums: UnsafePointer<Int32>
  public var rowCount: Int
  public var width: Int
  /// For each column; all but `columns` of them are thrown away.
  public var biases: UnsafePointer<Int32>
  public var multipliers: UnsafePointer<Int32>
  public var shifts: UnsafePointer<Int32>
  public var columns: Int
  public var zeroPoint: Int32
  /// A row of bytes, and from one row to the next.
  public var y: UnsafeMutablePointer<Int8>
  public var yStep: Int

  @inlinable
  public init(
    sums: UnsafePointer<Int32>, rowCount: Int, width: Int, biases: UnsafePointer<Int32>,
    multipliers: UnsafePointer<Int32>, shifts: UnsafePointer<Int32>, columns: Int,
    zeroPoint: Int32, y: UnsafeMutablePointer<Int8>, yStep: Int
  ) {
    self.sums = sums
    self.rowCount = rowCount
    self.width = width
    self.biases = biases
    self.multipliers = multipliers
    self.shifts = shifts
    self.columns = columns
    self.zeroPoint = zeroPoint
    self.y = y
    self.yStep = yStep
  }
}

/// An image `[H, W, C]`, and how wide the border is that its factors have.
@frozen public struct ByteImage {
  public var x: UnsafePointer<Int8>
  public var height: Int
  public var width: Int
  public var channels: Int
  public var padding: Int
  public var zeroPoint: Int

  @inlinable
  public init(
    x: UnsafePointer<Int8>, height: Int, width: Int, channels: Int, padding: Int, zeroPoint: Int
  ) {
    self.x = x
    self.height = height
    self.width = width
    self.channels = channels
    self.padding = padding
    self.zeroPoint = zeroPoint
  }
}

extension ByteKernels {
  /// Each sum times its factor of 2^31 at most, shifted with halves up, and the nearest byte.
  @inlinable @inline(__always)
  public static func requantize(_ arguments: UnsafePointer<RequantizationArguments>) {
    let t = arguments.pointee
    let zero = Int64(t.zeroPoint)
    for row in 0..<t.rowCount {
      let (sums, y) = (t.sums + row * t.width, t.y + row * t.yStep)
      for i in 0..<t.columns {
        let shift = Int64(t.shifts[i])
        let product = Int64(sums[i] &+ t.biases[i]) &* Int64(t.multipliers[i])
        let value = ((product &+ 1 &<< (shift &- 1)) &>> shift) &+ zero
        y[i] = Int8(truncatingIfNeeded: max(-128, min(127, value)))
      }
    }
  }

  /// The numbers of an image as factors, with the border that a convolution reads: unsigned bytes are
  /// the numbers and 128, those of 16 bits the numbers less their zero point.
  @inlinable @inline(__always)
  public static func writeFactors(
    _ image: UnsafePointer<ByteImage>, to factors: UnsafeMutableRawPointer
  ) {
    if factorBytes == 1 {
      write(
        image.pointee, plus: 128, border: UInt8(truncatingIfNeeded: image.pointee.zeroPoint &+ 128),
        to: factors.assumingMemoryBound(to: UInt8.self))
    } else {
      write(
        image.pointee, plus: Int16(truncatingIfNeeded: 0 &- image.pointee.zeroPoint), border: 0,
        to: factors.assumingMemoryBound(to: Int16.self))
    }
  }

  @inlinable @inline(__always)
  static func write<Factor: FixedWidthInteger>(
    _ image: ByteImage, plus offset: Factor, border: Factor,
    to factors: UnsafeMutablePointer<Factor>
  ) {
    let (edge, length) = (image.padding * image.channels, image.width * image.channels)
    let wide = length + 2 * edge
    for i in 0..<image.padding * wide { factors[i] = border }
    var (x, y) = (image.x, factors + image.padding * wide)
    for _ in 0..<image.height {
      for i in 0..<edge { y[i] = border }
      for i in 0..<length { y[edge + i] = Factor(truncatingIfNeeded: x[i]) &+ offset }
      for i in edge + length..<wide { y[i] = border }
      x += length
      y += wide
    }
    for i in 0..<image.padding * wide { y[i] = border }
  }

  /// The largest number of each window of an image.
  @inlinable @inline(__always)
  public static func maxPool(
    _ x: UnsafePointer<Int8>, _ g: PoolGeometry, to y: UnsafeMutablePointer<Int8>
  ) {
    var to = y
    for row in 0..<g.outputHeight {
      for column in 0..<g.outputWidth {
        let from = x + (row * g.stride * g.width + column * g.stride) * g.channels
        for i in 0..<g.channels { to[i] = from[i] }
        g.forEachPosition { _, offset in
          let next = from + offset
          for i in 0..<g.channels { to[i] = max(to[i], next[i]) }
        }
        to += g.channels
      }
    }
  }
}
