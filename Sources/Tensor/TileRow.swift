import KernelBodies

/// Runs tiles along a row of panels, and sees to the edges: columns that do not exist are computed
/// aside and only the others copied.
struct TileRow {
  let kernels: KernelTable
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
    let columns = panels.range(panel)
    let width = panels.width(panel)
    var t = TileArguments(
      a: a, aOffsets: aOffsets, runOffsets: runOffsets, runCount: runCount, runLength: runLength,
      aStep: aStep, b: panels.pointer(panel), bStep: width, c: c + columns.lowerBound,
      cOffsets: cOffsets, rowCount: rowCount, vectorCount: panels.vectors(panel),
      accumulating: accumulating, bias: bias.map { $0 + columns.lowerBound },
      rectifying: rectifying)
    if columns.count == width {
      kernels.tile(&t)
    } else {
      runAside(&t, columns: columns.count, width: width, kernels: kernels)
    }
  }
}

/// Computes a tile in a place of its own and copies the columns that exist.
func runAside(_ t: inout TileArguments, columns: Int, width: Int, kernels: KernelTable) {
  let (c, cOffsets) = (t.c, t.cOffsets)
  withUnsafeTemporaryAllocation(of: Float.self, capacity: t.rowCount * width) { aside in
    withUnsafeTemporaryAllocation(of: Int.self, capacity: t.rowCount) { offsets in
      guard let start = aside.baseAddress, let rows = offsets.baseAddress else { return }
      for row in 0..<t.rowCount {
        rows[row] = row * width
        guard t.accumulating else { continue }
        let from = c + cOffsets[row]
        for column in 0..<width {
          start[row * width + column] = column < columns ? from[column] : 0
        }
      }
      t.c = start
      t.cOffsets = UnsafePointer(rows)
      kernels.tile(&t)
      for row in 0..<t.rowCount {
        let to = c + cOffsets[row]
        for column in 0..<columns { to[column] = start[row * width + column] }
      }
    }
  }
}
