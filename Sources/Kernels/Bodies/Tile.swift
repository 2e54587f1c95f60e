// The inner loop of every matrix product and every convolution: one tile of `C += A · B`.
//
//     for each run, for k in 0 ..< runLength:
//       for i in 0 ..< rows: C[i, 0 ..< columns] += A[i, k] * B[k, 0 ..< columns]
//
// Lanes run over the columns, never over the sum, so each output is one chain of multiply-adds in
// the order of k: the same bits for every vector width. One element of A is broadcast at a time,
// read from where it lies: row i starts at `a + aOffsets[i]`, and a sum is a list of runs, each
// `runLength` elements `aStep` apart. That is all that tells a matrix product (one run along a
// row) from a convolution (a run along each kernel row) and from the gradient of its weights (a
// run along each row of pixels). So nothing but small weights is ever packed.
//
// Accumulators stay in registers only if every index into them is a constant after unrolling,
// everywhere in the function. The loops over `rows` and `vectors` are therefore short.
//
// Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008.

/// One tile's work. Offsets and steps count floats.
@frozen public struct TileArguments {
  /// Where A begins.
  public var a: Source
  /// Where row `i` of the tile begins in A: as many as the tile has rows, valid ones repeated.
  public var aOffsets: UnsafePointer<Int>
  /// Where each run of the sum begins, relative to a row's beginning.
  public var runOffsets: UnsafePointer<Int>
  /// The number of runs, and the elements in each.
  public var runCount: Int
  public var runLength: Int
  /// From one element of a run to the next.
  public var aStep: Int
  /// The first row of B, and the distance to the next.
  public var b: Source
  public var bStep: Int
  /// Where C begins, and where row `i` of the tile begins in it.
  public var c: Target
  public var cOffsets: UnsafePointer<Int>
  /// How many rows of the tile exist: the others are computed and thrown away.
  public var rowCount: Int
  /// How many vectors wide the tile is: 1 or 2.
  public var vectorCount: Int
  /// Adds to C instead of overwriting it.
  public var accumulating: Bool
  /// A row to begin each sum with, as wide as the tile.
  public var bias: Source?
  /// Replaces negative results by zero.
  public var rectifying: Bool

  @inlinable
  public init(
    a: Source, aOffsets: UnsafePointer<Int>, runOffsets: UnsafePointer<Int>, runCount: Int,
    runLength: Int, aStep: Int, b: Source, bStep: Int, c: Target, cOffsets: UnsafePointer<Int>,
    rowCount: Int, vectorCount: Int, accumulating: Bool = false, bias: Source? = nil,
    rectifying: Bool = false
  ) {
    self.a = a
    self.aOffsets = aOffsets
    self.runOffsets = runOffsets
    self.runCount = runCount
    self.runLength = runLength
    self.aStep = aStep
    self.b = b
    self.bStep = bStep
    self.c = c
    self.cOffsets = cOffsets
    self.rowCount = rowCount
    self.vectorCount = vectorCount
    self.accumulating = accumulating
    self.bias = bias
    self.rectifying = rectifying
  }
}

/// A tile's vectors and size as a type: `accumulators` is `rows * vectors`.
public enum TileShape<V: FloatVector, let rows: Int, let vectors: Int, let accumulators: Int> {}

/// Computes one tile of the given shape.
@inlinable @inline(__always)
public func tile<
  I: InstructionSet, V: FloatVector, let rows: Int, let vectors: Int, let accumulators: Int
>(
  _: I.Type, _: TileShape<V, rows, vectors, accumulators>.Type, _ t: TileArguments
) {
  let lanes = V.scalarCount
  var sums = InlineArray<accumulators, V>(repeating: V())
  if t.accumulating {
    for i in 0..<rows where i < t.rowCount {
      for v in 0..<vectors { sums[i * vectors + v] = load(t.c + t.cOffsets[i] + v * lanes) }
    }
  } else if let bias = t.bias {
    for i in 0..<rows {
      for v in 0..<vectors { sums[i * vectors + v] = load(bias + v * lanes) }
    }
  }
  var row = InlineArray<rows, Source>(repeating: t.a)
  for i in 0..<rows { row[i] = t.a + t.aOffsets[i] }
  var b = t.b
  let (aStep, bStep) = (t.aStep, t.bStep)
  for run in 0..<t.runCount {
    var k = t.runOffsets[run]
    let end = k + t.runLength * aStep
    while k != end {
      var columns = InlineArray<vectors, V>(repeating: V())
      for v in 0..<vectors { columns[v] = load(b + v * lanes) }
      for i in 0..<rows {
        let a = V(repeating: row[i][k])
        for v in 0..<vectors {
          sums[i * vectors + v] = I.multiplyAdd(a, columns[v], sums[i * vectors + v])
        }
      }
      b += bStep
      k += aStep
    }
  }
  if t.rectifying {
    for i in 0..<rows {
      for v in 0..<vectors { sums[i * vectors + v] = V.larger(V(), sums[i * vectors + v]) }
    }
  }
  for i in 0..<rows where i < t.rowCount {
    let to = t.c + t.cOffsets[i]
    for v in 0..<vectors { store(sums[i * vectors + v], to + v * lanes) }
  }
}
