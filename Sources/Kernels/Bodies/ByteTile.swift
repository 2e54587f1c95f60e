// The inner loop of products of whole numbers of eight bits: one tile of sums of 32 bits.
//
//     for each run, for each word of it:
//       for i in 0 ..< rows: C[i, 0 ..< columns] += A[i, word] · B[word, 0 ..< columns]
//
// A word is four bytes: four unsigned numbers, whose products with four signed ones of B are one
// instruction where the processor has VNNI, or two numbers of 16 bits elsewhere. It is broadcast, as an
// element of A is in Tile.swift, and read from where it lies: a run is a row of a kernel. Sums are exact
// but for whole turns of 32 bits, so no order matters and every instruction set gives the same bits.

/// How the words of two vectors are multiplied and added, lane by lane.
public protocol DotProducts {
  static func add<V: SIMD>(_ sums: V, _ x: V, _ w: V) -> V where V.Scalar == Int32
}

/// One tile's work.
@frozen public struct ByteTileArguments {
  /// Where A begins, and where row `i` of the tile begins in it, in bytes: as many as the tile has
  /// rows, valid ones repeated.
  public var a: UnsafeRawPointer
  public var aOffsets: UnsafePointer<Int>
  /// The runs of a sum, the bytes from one to the next, and the words in each.
  public var runCount: Int
  public var runStep: Int
  public var runWords: Int
  /// For each word of a sum those of the tile's columns.
  public var b: UnsafePointer<Int32>
  /// Sums, in rows as wide as the tile.
  public var c: UnsafeMutablePointer<Int32>
  /// How many rows of the tile exist: the others are computed and thrown away.
  public var rowCount: Int
  /// How many vectors wide the tile is: 1 or 2.
  public var vectorCount: Int

  @inlinable
  public init(
    a: UnsafeRawPointer, aOffsets: UnsafePointer<Int>, runCount: Int, runStep: Int, runWords: Int,
    b: UnsafePointer<Int32>, c: UnsafeMutablePointer<Int32>, rowCount: Int, vectorCount: Int
  ) {
    self.a = a
    self.aOffsets = aOffsets
    self.runCount = runCount
    self.runStep = runStep
    self.runWords = runWords
    self.b = b
    self.c = c
    self.rowCount = rowCount
    self.vectorCount = vectorCount
  }
}

/// A tile's vectors and size as a type: `accumulators` is `rows * vectors`.
public enum ByteTileShape<
  V: SIMD, let rows: Int, let vectors: Int, let accumulators: Int
> where V.Scalar == Int32 {}

/// Computes one tile of the given shape.
@inlinable @inline(__always)
public func byteTile<
  D: DotProducts, V: SIMD, let rows: Int, let vectors: Int, let accumulators: Int
>(
  _: D.Type, _: ByteTileShape<V, rows, vectors, accumulators>.Type, _ t: ByteTileArguments
) where V.Scalar == Int32 {
  let lanes = V.scalarCount
  var sums = InlineArray<accumulators, V>(repeating: V())
  var row = InlineArray<rows, UnsafeRawPointer>(repeating: t.a)
  for i in 0..<rows { row[i] = t.a + t.aOffsets[i] }
  var b = t.b
  for run in 0..<t.runCount {
    var at = run * t.runStep
    for _ in 0..<t.runWords {
      var columns = InlineArray<vectors, V>(repeating: V())
      for v in 0..<vectors {
        columns[v] = UnsafeRawPointer(b + v * lanes).loadUnaligned(as: V.self)
      }
      for i in 0..<rows {
        let word = V(repeating: (row[i] + at).loadUnaligned(as: Int32.self))
        for v in 0..<vectors {
          sums[i * vectors + v] = D.add(sums[i * vectors + v], word, columns[v])
        }
      }
      at += 4
      b += vectors * lanes
    }
  }
  for i in 0..<rows where i < t.rowCount {
    let to = t.c + i * vectors * lanes
    for v in 0..<vectors {
      UnsafeMutableRawPointer(to + v * lanes).storeBytes(of: sums[i * vectors + v], as: V.self)
    }
  }
}
