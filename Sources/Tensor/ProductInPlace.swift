import KernelBodies
import Support

// Products of two matrices of many rows, `C = Aᵀ · B`: the gradient of the weights of a dense layer. A
// copy of both in the order of the tile costs a tenth of the time, with few columns up to half. Read
// where they lie, their rows are the runs of the tile; all tiles pass over a chunk of rows while it is
// in the cache, and go on with their sums at the next.

extension MatrixProduct {
  /// Rows in a chunk: 32 columns of B take 16 KiB.
  static let chunk = 128
  /// Columns of A of which a chunk and what else passes stay in any second-level cache.
  static let fewColumns = 256

  /// Whether the product is one of these. With many columns each panel of B would fetch an A that is
  /// in no cache.
  func readsInPlace(transposingB: Bool, on device: Device) -> Bool {
    let fits = m <= Self.fewColumns || 4 * k * m <= 2 * device.caches.level2Bytes
    return fits && k >= Self.chunk && n % device.kernels.tileLanes == 0 && transposingA
      && !transposingB && bias == nil && !rectifying
  }

  /// Computes it: a task takes a panel of columns and some tiles, and goes along the rows with them.
  func runInPlace(on device: Device, b: UnsafePointer<Float>, bStride: Int) {
    let kernels = device.kernels
    let (width, tiles) = (2 * kernels.tileLanes, (m + kernels.tileRows - 1) / kernels.tileRows)
    let panels = (n + width - 1) / width
    let parts = panels % device.threadCount == 0 ? 1 : min(tiles, device.threadCount)
    device.parallel(panels * parts) { index, _ in
      let (panel, part) = index.quotientAndRemainder(dividingBy: parts)
      runInPlace(
        tiles: tiles * part / parts..<tiles * (part + 1) / parts, column: panel * width,
        vectors: min(2, (n - panel * width) / kernels.tileLanes), b: b, bStride: bStride, kernels)
    }
  }

  private func runInPlace(
    tiles: Range<Int>, column: Int, vectors: Int, b: UnsafePointer<Float>, bStride: Int,
    _ kernels: any Kernels.Type
  ) {
    let tileRows = kernels.tileRows
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * tileRows + 1) { table in
      guard let aOffsets = table.baseAddress else { return }
      let (cOffsets, runOffset) = (aOffsets + tileRows, aOffsets + 2 * tileRows)
      runOffset.pointee = 0
      for i in 0..<tileRows { cOffsets[i] = i * n }
      for start in stride(from: 0, to: k, by: Self.chunk) {
        for tile in tiles {
          let first = tile * tileRows
          let rows = min(tileRows, m - first)
          for i in 0..<tileRows { aOffsets[i] = min(i, rows - 1) }
          var t = TileArguments(
            a: a + start * aStride + first, aOffsets: aOffsets, runOffsets: runOffset, runCount: 1,
            runLength: min(Self.chunk, k - start), aStep: aStride,
            b: b + start * bStride + column, bStep: bStride, c: c + first * n + column,
            cOffsets: cOffsets, rowCount: rows, vectorCount: vectors,
            accumulating: accumulating || start > 0)
          kernels.tile(&t)
        }
      }
    }
  }
}
