// One row times several panels of B at once: what is left of a matrix product for a single image.
//
// Every weight is used once, so memory sets the pace; four panels are four streams of it, and eight
// chains of multiply-adds hide their latency. The order of each sum is that of the tile.

/// A row times adjacent panels, each two whole vectors wide.
@frozen public struct RowArguments {
  /// The row, and its length.
  public var a: Source
  public var depth: Int
  /// The first panel, and the distance to the next in floats.
  public var b: Source
  public var panelStride: Int
  /// How many panels: 1, 2 or 4.
  public var panelCount: Int
  /// The result, two vectors a panel.
  public var c: Target
  /// A row to begin each sum with.
  public var bias: Source?
  /// Replaces negative results by zero.
  public var rectifying: Bool

  @inlinable
  public init(
    a: Source, depth: Int, b: Source, panelStride: Int, panelCount: Int, c: Target, bias: Source?,
    rectifying: Bool
  ) {
    self.a = a
    self.depth = depth
    self.b = b
    self.panelStride = panelStride
    self.panelCount = panelCount
    self.c = c
    self.bias = bias
    self.rectifying = rectifying
  }
}

/// Computes a row of `panels` panels; `accumulators` is `2 * panels`.
@inlinable @inline(__always)
public func rowTile<I: InstructionSet, V: FloatVector, let panels: Int, let accumulators: Int>(
  _: I.Type, _: TileShape<V, panels, 2, accumulators>.Type, _ t: RowArguments
) {
  let lanes = V.scalarCount
  var sums = InlineArray<accumulators, V>(repeating: V())
  if let bias = t.bias {
    for n in 0..<accumulators { sums[n] = load(bias + n * lanes) }
  }
  var stream = InlineArray<panels, Source>(repeating: t.b)
  for p in 0..<panels { stream[p] = t.b + p * t.panelStride }
  var k = 0
  while k != t.depth {
    let a = V(repeating: t.a[k])
    for p in 0..<panels {
      let b = stream[p] + k * 2 * lanes
      sums[2 * p] = I.multiplyAdd(a, load(b), sums[2 * p])
      sums[2 * p + 1] = I.multiplyAdd(a, load(b + lanes), sums[2 * p + 1])
    }
    k += 1
  }
  let floor = V(repeating: t.rectifying ? 0 : -.infinity)
  for n in 0..<accumulators { store(V.larger(floor, sums[n]), t.c + n * lanes) }
}
