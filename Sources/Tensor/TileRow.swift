import KernelBodies

/// Runs tiles along a row of panels, and sees to the edges: columns that do not exist are computed
/// aside and only the others copied.
struct TileRow {
  let kernels: any Kernels.Type
  let panels: Panels
  /// Adds to C instead of overwriting it.
  var accumulating = false
  /// A row of `columns` floats to begin each sum with.
  var bias: UnsafePointer<Float>?
  /// Replaces negative results by zero.
  var rectifying = false

  /// Computes the tile at the given panel: `rowCount` rows that begin at `c + cOffsets[i]`.
  func run(
    _ panel: Int, a: UnsafePointer<Float>, aOffsets: UnsafePointer<Int>,
    runOffsets: UnsafePointer<Int>, runCount: Int, runLength: Int, aStep: Int,
    c: UnsafeMutablePointer<Float>, cOffsets: UnsafePointer<Int>, rowCount: Int
  ) {
    var t = arguments(
      panel, a: a, aOffsets: aOffsets, runOffsets: runOffsets, runCount: runCount,
      runLength: runLength, aStep: aStep, c: c, cOffsets: cOffsets, rowCount: rowCount)
    run(panel, &t)
  }

  /// What a tile at the given panel is told; `c` begins at the matrix' first column.
  func arguments(
    _ panel: Int, a: UnsafePointer<Float>, aOffsets: UnsafePointer<Int>,
    runOffsets: UnsafePointer<Int>, runCount: Int, runLength: Int, aStep: Int,
    c: UnsafeMutablePointer<Float>, cOffsets: UnsafePointer<Int>, rowCount: Int
  ) -> TileArguments {
    let first = panels.range(panel).lowerBound
    return TileArguments(
      a: a, aOffsets: aOffsets, runOffsets: runOffsets, runCount: runCount, runLength: runLength,
      aStep: aStep, b: panels.pointer(panel), bStep: panels.width(panel), c: c + first,
      cOffsets: cOffsets, rowCount: rowCount, vectorCount: panels.vectors(panel),
      accumulating: accumulating, bias: bias.map { $0 + first }, rectifying: rectifying)
  }

  /// Computes a tile that was told so.
  func run(_ panel: Int, _ t: inout TileArguments) {
    let (columns, width) = (panels.range(panel).count, panels.width(panel))
    if columns == width {
      kernels.tile(&t)
    } else {
      runAside(t, columns: columns, width: width, kernels: kernels)
    }
  }
}

extension TileRow {
  /// Computes the tile at the given panel into rows that have room for the panel's whole width.
  func runWhole(
    _ panel: Int, a: UnsafePointer<Float>, aOffsets: UnsafePointer<Int>,
    runOffsets: UnsafePointer<Int>, runCount: Int, runLength: Int,
    c: UnsafeMutablePointer<Float>, cOffsets: UnsafePointer<Int>, rowCount: Int
  ) {
    var t = arguments(
      panel, a: a, aOffsets: aOffsets, runOffsets: runOffsets, runCount: runCount,
      runLength: runLength, aStep: 1, c: c, cOffsets: cOffsets, rowCount: rowCount)
    kernels.tile(&t)
  }
}

/// Computes a tile in a place of its own and copies the columns that exist.
func runAside(_ tile: TileArguments, columns: Int, width: Int, kernels: any Kernels.Type) {
  var t = tile
  let (c, cOffsets, rows) = (t.c, t.cOffsets, t.rowCount)
  // The largest tile, 12 rows of 32. On the stack, where a temporary allocation of this size is not.
  var aside = InlineArray<384, Float>(repeating: 0)
  withUnsafeMutableBytes(of: &aside) { bytes in
    withUnsafeTemporaryAllocation(of: Int.self, capacity: rows) { offsets in
      guard let start = bytes.bindMemory(to: Float.self).baseAddress,
        let asideOffsets = offsets.baseAddress
      else { return }
      for row in 0..<rows { asideOffsets[row] = row * width }
      if t.accumulating {
        for row in 0..<rows {
          (start + row * width).update(from: c + cOffsets[row], count: columns)
        }
      }
      t.c = start
      t.cOffsets = UnsafePointer(asideOffsets)
      kernels.tile(&t)
      for row in 0..<rows { (c + cOffsets[row]).update(from: start + row * width, count: columns) }
    }
  }
}
