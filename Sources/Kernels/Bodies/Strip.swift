// A strip of a matrix product: tiles one below the other that multiply the same columns of B.
//
//     C[i, 0 ..< columns] (+)= Σ over k: A[i, k] · B[k, 0 ..< columns]
//
// The loop of Tile.swift where strides are constant and sums are short: the way to the next rows is
// an addition, and no tile has rows that do not exist. What was in C before is added last, so that
// many short sums lose less than one long chain would.

/// One strip's work. Steps count floats.
@frozen public struct StripArguments {
  /// A, from one row to the next, and from one element of a sum to the next.
  public var a: Source
  public var aRowStep: Int
  public var aStep: Int
  /// The length of each sum.
  public var depth: Int
  public var b: Source
  public var bStep: Int
  public var c: Target
  public var cRowStep: Int
  /// Rows of a tile, and tiles.
  public var tileRows: Int
  public var tileCount: Int
  /// How many vectors wide: 1 or 2.
  public var vectorCount: Int
  /// Adds to C instead of overwriting it.
  public var accumulating: Bool

  @inlinable
  public init(
    a: Source, aRowStep: Int, aStep: Int, depth: Int, b: Source, bStep: Int, c: Target,
    cRowStep: Int, tileRows: Int = 0, tileCount: Int = 0, vectorCount: Int = 2,
    accumulating: Bool = false
  ) {
    self.a = a
    self.aRowStep = aRowStep
    self.aStep = aStep
    self.depth = depth
    self.b = b
    self.bStep = bStep
    self.c = c
    self.cRowStep = cRowStep
    self.tileRows = tileRows
    self.tileCount = tileCount
    self.vectorCount = vectorCount
    self.accumulating = accumulating
  }
}

/// Computes a strip of tiles of the given shape.
@inlinable @inline(__always)
public func strip<
  I: InstructionSet, V: FloatVector, let rows: Int, let vectors: Int, let accumulators: Int
>(
  _: I.Type, _: TileShape<V, rows, vectors, accumulators>.Type, _ t: StripArguments
) {
  let lanes = V.scalarCount
  let (aRowStep, aStep, bStep) = (t.aRowStep, t.aStep, t.bStep)
  var (first, c) = (t.a, t.c)
  for _ in 0..<t.tileCount {
    var sums = InlineArray<accumulators, V>(repeating: V())
    var (a, b) = (first, t.b)
    for _ in 0..<t.depth {
      var columns = InlineArray<vectors, V>(repeating: V())
      for v in 0..<vectors { columns[v] = load(b + v * lanes) }
      for i in 0..<rows {
        let element = V(repeating: a[i * aRowStep])
        for v in 0..<vectors {
          sums[i * vectors + v] = I.multiplyAdd(element, columns[v], sums[i * vectors + v])
        }
      }
      a += aStep
      b += bStep
    }
    if t.accumulating {
      for i in 0..<rows {
        let from = c + i * t.cRowStep
        for v in 0..<vectors { sums[i * vectors + v] += load(from + v * lanes) }
      }
    }
    for i in 0..<rows {
      let to = c + i * t.cRowStep
      for v in 0..<vectors { store(sums[i * vectors + v], to + v * lanes) }
    }
    first += rows * aRowStep
    c += rows * t.cRowStep
  }
}
