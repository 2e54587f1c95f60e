// Grey images through an arbitrary map: each pixel of the result is read from a place between four
// pixels of the source.
//
// Every lane loads from a place of its own, one after the other even where one instruction does it,
// so loads are what a pixel costs. The source is therefore turned first into words that hold a pixel
// and its neighbours to the right, below and below right: one load a pixel, and all the arithmetic
// in lanes.
//
// A plane is an image with a border of background: pixel (x, y) lies at `(y + 1) * stride + x + 1`,
// and what is around it is zero, as far as a vector reaches.

/// The inverse of a map of the plane, as one resampling needs it.
@frozen public struct ResamplingArguments {
  /// Words of four pixels, `[height + 2, stride]`.
  public var corners: UnsafePointer<UInt32>
  public var stride: Int
  public var height: Int
  public var width: Int
  /// The map from a result's pixel (u, v) to its place in the source, both counted from the middle
  /// of the image: a row's elements multiply u, v and 1. What `tilt` multiplies u and v with is
  /// added to 1 and divides.
  public var xRow: SIMD3<Float>
  public var yRow: SIMD3<Float>
  public var tilt: SIMD2<Float>
  /// A displacement that is added to the place: for each pixel what `amplitude` multiplies.
  /// Rows are `displacementStride` apart, and a whole vector may be read at each.
  public var displacementX: Source?
  public var displacementY: Source?
  public var displacementStride: Int
  public var amplitude: SIMD2<Float>
  /// What makes a pixel of 0 to 255 an element of `y`, `[height, width]`.
  public var scale: Float
  public var shift: Float
  public var y: Target

  @inlinable
  public init(
    corners: UnsafePointer<UInt32>, stride: Int, height: Int, width: Int, xRow: SIMD3<Float>,
    yRow: SIMD3<Float>, tilt: SIMD2<Float>, displacementX: Source?, displacementY: Source?,
    displacementStride: Int, amplitude: SIMD2<Float>, scale: Float, shift: Float, y: Target
  ) {
    self.corners = corners
    self.stride = stride
    self.height = height
    self.width = width
    self.xRow = xRow
    self.yRow = yRow
    self.tilt = tilt
    self.displacementX = displacementX
    self.displacementY = displacementY
    self.displacementStride = displacementStride
    self.amplitude = amplitude
    self.scale = scale
    self.shift = shift
    self.y = y
  }
}

/// Calls `body` with the first column of each group of sixteen of a row, and how many of them
/// exist. The last group is moved back to end with the row, so that it overlaps the one before.
@inlinable @inline(__always)
func forEachColumnGroup(_ width: Int, _ body: (_ column: Int, _ valid: Int) -> Void) {
  let valid = min(16, width)
  var column = 0
  while column < width {
    body(min(column, width - valid), valid)
    column += 16
  }

}

/// A plane's image, and the distance of its rows.
public struct PlaneSize {
  public var height: Int
  public var width: Int
  public var stride: Int

  @inlinable
  public init(height: Int, width: Int, stride: Int) {
    self.height = height
    self.width = width
    self.stride = stride
  }
}

extension Kernels {
  /// `words[y, x]` is pixel `(x - 1, y - 1)` of the plane in its low byte and then the neighbours
  /// to the right, below and below right: `[height + 2, stride]`, whole vectors of them.
  @inlinable @inline(__always)
  public static func packCorners(
    _ plane: UnsafePointer<UInt8>, _ size: PlaneSize, to words: UnsafeMutablePointer<UInt32>
  ) {
    let (height, width, stride) = (size.height, size.width, size.stride)
    for row in 0..<height + 2 {
      var column = 0
      while column < width + 2 {
        let p = plane + row * stride + column
        let top = widen(p) | widen(p + 1) &<< 8
        let bottom = widen(p + stride) &<< 16 | widen(p + stride + 1) &<< 24
        UnsafeMutableRawPointer(words + row * stride + column)
          .storeBytes(of: top | bottom, as: WideInt.self)
        column += 16
      }
    }
  }

  /// Makes strokes thicker or thinner: pixels move by `|amount| / 256`, rounded, towards the largest
  /// of the 3 x 3 around them, or with a negative amount towards the smallest.
  @inlinable @inline(__always)
  public static func thicken(
    _ plane: UnsafePointer<UInt8>, _ size: PlaneSize, by amount: Int32,
    to result: UnsafeMutablePointer<UInt8>
  ) {
    let (height, width, stride) = (size.height, size.width, size.stride)
    // The smallest is the largest of what is left to 255.
    let flip = WideInt(repeating: amount < 0 ? 255 : 0)
    let share = WideInt(repeating: amount < 0 ? -amount : amount)
    for row in 0..<height {
      forEachColumnGroup(width) { column, valid in
        let corner = plane + row * stride + column
        var largest = WideInt()
        for line in 0..<3 {
          for step in 0..<3 {
            let neighbour = widen(corner + line * stride + step) ^ flip
            largest = largest.replacing(with: neighbour, where: neighbour .> largest)
          }
        }
        let pixel = widen(corner + stride + 1) ^ flip
        let moved = (pixel &<< 8 &+ share &* (largest &- pixel) &+ 128) &>> 8
        storeBytes(moved ^ flip, result + (row + 1) * stride + column + 1, valid)
      }
    }
  }

  /// Reads each pixel of the result from where the map says, weighting the four pixels around the
  /// place (bilinear interpolation), and normalizes it. Outside the source is background.
  @inlinable @inline(__always)
  public static func resample(
    _ arguments: UnsafePointer<ResamplingArguments>
  ) {
    let t = arguments.pointee
    // A place is clamped to where only background is, and counted from the plane's corner.
    let middle = SIMD2(Float(t.width - 1), Float(t.height - 1)) * 0.5
    let (right, below) = (Wide(repeating: Float(t.width + 1)), Wide(repeating: Float(t.height + 1)))
    let lanes = Wide(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    for row in 0..<t.height {
      let v = Float(row) - middle.y
      let xStart = Wide(repeating: t.xRow.y * v + t.xRow.z)
      let yStart = Wide(repeating: t.yRow.y * v + t.yRow.z)
      let divisorStart = Wide(repeating: t.tilt.y * v + 1)
      forEachColumnGroup(t.width) { column, valid in
        let u = lanes + Wide(repeating: Float(column) - middle.x)
        let share =
          Wide(repeating: 1) / multiplyAdd(Wide(repeating: t.tilt.x), u, divisorStart)
        let xPlace = multiplyAdd(Wide(repeating: t.xRow.x), u, xStart)
        let yPlace = multiplyAdd(Wide(repeating: t.yRow.x), u, yStart)
        var x = multiplyAdd(xPlace, share, Wide(repeating: middle.x + 1))
        var y = multiplyAdd(yPlace, share, Wide(repeating: middle.y + 1))
        if let dx = t.displacementX, let dy = t.displacementY {
          let offset = row * t.displacementStride + column
          x = multiplyAdd(Wide(repeating: t.amplitude.x), load(dx + offset), x)
          y = multiplyAdd(Wide(repeating: t.amplitude.y), load(dy + offset), y)
        }
        x = Wide.smaller(Wide.larger(x, Wide()), right)
        y = Wide.smaller(Wide.larger(y, Wide()), below)
        let (left, top) = (floorOfSmall(x), floorOfSmall(y))
        let places =
          smallInteger(top) &* WideInt(repeating: Int32(truncatingIfNeeded: t.stride))
          &+ smallInteger(left)
        let ink = interpolate(Self.self, gather(t.corners, places), x - left, y - top)
        let value = multiplyAdd(ink, Wide(repeating: t.scale), Wide(repeating: t.shift))
        storeWide(value, t.y + row * t.width + column, valid)
      }
    }
  }
}

/// The weighted mean of each word's four pixels, at the fractions `x` and `y` of the way from the
/// first. Where both are 0 it is the first, exactly.
@inlinable @inline(__always)
func interpolate<I: InstructionSet>(
  _: I.Type, _ words: WideInt, _ x: Wide, _ y: Wide
) -> Wide {
  let a = smallFloat(words & 255)
  let b = smallFloat((words &>> 8) & 255)
  let c = smallFloat((words &>> 16) & 255)
  let d = smallFloat((words &>> 24) & 255)
  let top = I.multiplyAdd(x, b - a, a)
  let bottom = I.multiplyAdd(x, d - c, c)
  return I.multiplyAdd(y, bottom - top, top)
}

// Conversions of what is at least 0 and below 2^22, in instructions that every processor has.
// Adding 2^23 leaves the whole number in the low bits.

/// The largest whole numbers that are not above `x`.
@inlinable @inline(__always)
func floorOfSmall(_ x: Wide) -> Wide {
  let shift = Wide(repeating: 0x1p23)
  let nearest = (x + shift) - shift
  return nearest.replacing(with: nearest - Wide(repeating: 1), where: nearest .> x)
}

/// Whole numbers as integers.
@inlinable @inline(__always)
func smallInteger(_ x: Wide) -> WideInt {
  unsafeBitCast(x + Wide(repeating: 0x1p23), to: WideInt.self) &- WideInt(repeating: 0x4B00_0000)
}

/// Integers as floats.
@inlinable @inline(__always)
func smallFloat(_ n: WideInt) -> Wide {
  unsafeBitCast(n | WideInt(repeating: 0x4B00_0000), to: Wide.self) - Wide(repeating: 0x1p23)
}

@inlinable @inline(__always)
func gather(_ words: UnsafePointer<UInt32>, _ places: WideInt) -> WideInt {
  let w = UnsafeRawPointer(words).assumingMemoryBound(to: Int32.self)
  return WideInt(
    w[Int(places[0])], w[Int(places[1])], w[Int(places[2])], w[Int(places[3])],
    w[Int(places[4])], w[Int(places[5])], w[Int(places[6])], w[Int(places[7])],
    w[Int(places[8])], w[Int(places[9])], w[Int(places[10])], w[Int(places[11])],
    w[Int(places[12])], w[Int(places[13])], w[Int(places[14])], w[Int(places[15])])
}
