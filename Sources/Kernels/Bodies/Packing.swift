// Copies of B in the order the tile reads it: panels of `width` columns, each row of a panel after
// the other, columns that do not exist filled with zeros.

/// A copy of a part of B.
public struct PackingArguments {
  /// The part's first element, and the distance from one row of B to the next.
  public var source: Source
  public var stride: Int
  /// The extents of the part, as the panel has them.
  public var rows: Int
  public var columns: Int
  /// The floats of a row of the panel, and where it begins.
  public var width: Int
  public var panel: Target

  @inlinable
  public init(
    source: Source, stride: Int, rows: Int, columns: Int, width: Int, panel: Target
  ) {
    self.source = source
    self.stride = stride
    self.rows = rows
    self.columns = columns
    self.width = width
    self.panel = panel
  }
}

extension Kernels {
  /// Copies rows of `columns` floats into rows of `width` floats.
  @inlinable @inline(__always)
  public static func packRows(_ a: PackingArguments) {
    var first = 0
    while first < a.width {
      let (valid, room) = (min(16, max(0, a.columns - first)), min(16, a.width - first))
      var (from, to) = (a.source + first, a.panel + first)
      for _ in 0..<a.rows {
        storeLeading(loadLeading(from, valid), to, room)
        from += a.stride
        to += a.width
      }
      first += 16
    }
  }

  /// The same for a transposed matrix: column `j` of the panel is the row `j` of `source`.
  ///
  /// Squares of 16 x 16 are turned in registers, so that both sides read and write whole vectors.
  @inlinable @inline(__always)
  public static func packColumns(_ a: PackingArguments) {
    var column = 0
    while column < a.width {
      let (valid, room) = (min(16, max(0, a.columns - column)), min(16, a.width - column))
      var row = 0
      while row < a.rows {
        let count = min(16, a.rows - row)
        var square = InlineArray<16, Wide> { _ in Wide() }
        for i in 0..<16 where i < valid {
          square[i] = loadLeading(a.source + (column + i) * a.stride + row, count)
        }
        transpose(&square)
        let to = a.panel + row * a.width + column
        for i in 0..<16 where i < count { storeLeading(square[i], to + i * a.width, room) }
        row += 16
      }
      column += 16
    }
  }
}

/// Turns a square of 16 x 16. Four times, rows `i` and `i + 8` are interleaved into `2 i` and
/// `2 i + 1`: a perfect shuffle of the rows' numbers and the lanes' numbers.
@inlinable @inline(__always)
func transpose(_ square: inout InlineArray<16, Wide>) {
  for _ in 0..<4 {
    var next = InlineArray<16, Wide> { _ in Wide() }
    for i in 0..<8 {
      next[2 * i].evenHalf = square[i].lowHalf
      next[2 * i].oddHalf = square[i + 8].lowHalf
      next[2 * i + 1].evenHalf = square[i].highHalf
      next[2 * i + 1].oddHalf = square[i + 8].highHalf
    }
    square = next
  }
}

/// The first `valid` floats, then zeros; multiples of four and the six rows of a tile without a loop.
@inlinable @inline(__always)
func loadLeading(_ p: Source, _ valid: Int) -> Wide {
  var v = Wide()
  switch valid {
  case 16: v = load(p)
  case 12: v = Wide(lowHalf: load(p), highHalf: SIMD8(lowHalf: load(p + 8), highHalf: SIMD4()))
  case 8: v.lowHalf = load(p)
  case 6:
    v.lowHalf.lowHalf = load(p)
    v.lowHalf.highHalf.lowHalf = load(p + 4)
  case 4: v.lowHalf.lowHalf = load(p)
  default: v = loadWide(p, valid)
  }
  return v
}

/// Stores the first `valid` floats; multiples of four and the six rows of a tile without a loop.
@inlinable @inline(__always)
func storeLeading(_ v: Wide, _ p: Target, _ valid: Int) {
  switch valid {
  case 16: store(v, p)
  case 12:
    store(v.lowHalf, p)
    store(v.highHalf.lowHalf, p + 8)
  case 8: store(v.lowHalf, p)
  case 6:
    store(v.lowHalf.lowHalf, p)
    store(v.lowHalf.highHalf.lowHalf, p + 4)
  case 4: store(v.lowHalf.lowHalf, p)
  default: storeWide(v, p, valid)
  }
}
