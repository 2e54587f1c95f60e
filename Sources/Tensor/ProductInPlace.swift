import KernelBodies
import Support

// Products of two matrices of many rows, `C = Aᵀ · B`: the gradient of the weights of a dense layer. A
// copy of A in the order of the tile costs a tenth of the time, with few columns up to half. Read where
// it lies, its rows are the runs of the tile. B is copied a chunk of rows of a panel at a time: rows that
// are a power of two apart would compete for the same lines of the cache. All tiles pass over a chunk
// while it is in the cache, and go on with their sums at the next.

extension MatrixProduct {
  /// Rows of a chunk: 32 columns of B take 16 KiB, and a line of A in each row 8 KiB, which a
  /// first-level cache holds.
  static let chunk = 128

  /// Whether the product is one of these.
  func readsInPlace(transposingB: Bool) -> Bool {
    transposingA && !transposingB && k > 0 && bias == nil && !rectifying
  }

  /// Computes it: a task takes some panels of columns and some tiles, and goes along the rows with them.
  func runInPlace(on device: Device, b: UnsafePointer<Float>, bStride: Int) {
    let kernels = device.kernels
    let width = 2 * kernels.tileLanes
    let (panels, tiles) = ((n + width - 1) / width, tileCount(kernels))
    // Four groups a thread even out what the machine does beside this.
    let groups = min(panels, 4 * device.threadCount)
    let parts = groups % device.threadCount == 0 ? 1 : min(tiles, device.threadCount)
    let blocks = max(1, tiles / parts / tilesTogether(device))
    let room = device.scratch(device.threadCount * Self.chunk * width)
    device.parallel(groups * parts) { index, worker in
      let (group, part) = index.quotientAndRemainder(dividingBy: parts)
      for start in stride(from: 0, to: k, by: Self.chunk) {
        for block in part * blocks..<(part + 1) * blocks {
          for panel in panels * group / groups..<panels * (group + 1) / groups {
            runInPlace(
              tiles: tiles * block / (parts * blocks)..<tiles * (block + 1) / (parts * blocks),
              rows: start..<min(start + Self.chunk, k),
              columns: panel * width..<min((panel + 1) * width, n), b: b, bStride: bStride,
              room: room + worker * Self.chunk * width, kernels)
          }
        }
      }
    }
  }

  /// Tiles whose part of A stays in half of the second-level cache while the panels of a group pass.
  private func tilesTogether(_ device: Device) -> Int {
    max(16, device.caches.level2Bytes / (2 * 4 * Self.chunk) / device.kernels.tileRows)
  }

  /// Some tiles of a panel, with a chunk of rows.
  private func runInPlace(
    tiles: Range<Int>, rows: Range<Int>, columns: Range<Int>, b: UnsafePointer<Float>,
    bStride: Int, room: UnsafeMutablePointer<Float>, _ kernels: any Kernels.Type
  ) {
    let tileRows = kernels.tileRows
    let vectors = columns.count > kernels.tileLanes ? 2 : 1
    let width = vectors * kernels.tileLanes
    kernels.packRows(
      PackingArguments(
        source: b + rows.lowerBound * bStride + columns.lowerBound, stride: bStride,
        rows: rows.count, columns: columns.count, width: width, panel: room))
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * tileRows + 1) { table in
      guard let aOffsets = table.baseAddress else { return }
      let (cOffsets, runOffset) = (aOffsets + tileRows, aOffsets + 2 * tileRows)
      runOffset.pointee = 0
      for i in 0..<tileRows { cOffsets[i] = i * n }
      for tile in tiles {
        let first = tile * tileRows
        let rowCount = min(tileRows, m - first)
        for i in 0..<tileRows { aOffsets[i] = min(i, rowCount - 1) }
        var t = TileArguments(
          a: a + rows.lowerBound * aStride + first, aOffsets: aOffsets, runOffsets: runOffset,
          runCount: 1, runLength: rows.count, aStep: aStride, b: room, bStep: width,
          c: c + first * n + columns.lowerBound, cOffsets: cOffsets, rowCount: rowCount,
          vectorCount: vectors, accumulating: accumulating || rows.lowerBound > 0)
        if columns.count == width {
          kernels.tile(&t)
        } else {
          runAside(t, columns: columns.count, width: width, kernels: kernels)
        }
      }
    }
  }
}
