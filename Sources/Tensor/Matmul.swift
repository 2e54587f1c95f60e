import KernelBodies

extension Device {
  /// Matrix product: `c = a · b`, or `c += a · b` if `accumulating`.
  ///
  /// With neither transposed, `a` is `[M, K]`, `b` `[K, N]` and `c` `[M, N]`; `transposingA` takes
  /// `a` as `[K, M]`, `transposingB` takes `b` as `[N, K]`. Leading extents of a tensor of a higher
  /// rank count as rows. Each element of `c` is one chain of multiply-adds in the order of K, so
  /// its bits depend on neither the vector width nor the number of threads.
  ///
  /// - Parameters:
  ///   - bias: a row `[N]` that each sum begins with, not together with `accumulating`.
  ///   - rectifying: replaces negative results by zero.
  public func matmul(
    _ a: Tensor, _ b: Tensor, transposingA: Bool = false, transposingB: Bool = false,
    bias: Tensor? = nil, rectifying: Bool = false, accumulating: Bool = false, into c: Tensor
  ) {
    let (aRows, aColumns) = a.shape.asMatrix
    let (bRows, bColumns) = b.shape.asMatrix
    let (m, k) = transposingA ? (aColumns, aRows) : (aRows, aColumns)
    let (n, depth) = transposingB ? (bRows, bColumns) : (bColumns, bRows)
    precondition(k == depth, "matmul: \(a.shape) does not fit \(b.shape)")
    precondition(c.shape.asMatrix == (m, n), "matmul: the result is [\(m), \(n)], not \(c.shape)")
    precondition(bias == nil || !accumulating, "matmul: a bias cannot be accumulated")
    precondition(bias == nil || bias?.count == n, "matmul: the bias has \(n) elements")
    let product = MatrixProduct(
      a: a.pointer, aStride: aColumns, transposingA: transposingA, b: b.pointer,
      bStride: bColumns, transposingB: transposingB, c: c.pointer, m: m, n: n, k: k)
    product.run(on: self, bias: bias?.pointer, rectifying: rectifying, accumulating: accumulating)
  }
}

extension Shape {
  /// The innermost extent as columns, the product of the others as rows.
  var asMatrix: (rows: Int, columns: Int) {
    guard rank > 0 else { return (1, 1) }
    return ((0..<rank - 1).reduce(1) { $0 * self[$1] }, self[rank - 1])
  }
}

/// One matrix product, ready to run. Strides count floats.
private struct MatrixProduct {
  let a: UnsafePointer<Float>
  let aStride: Int
  let transposingA: Bool
  let b: UnsafePointer<Float>
  let bStride: Int
  let transposingB: Bool
  let c: UnsafeMutablePointer<Float>
  let m: Int
  let n: Int
  let k: Int

  /// Rows of A that stay in the second-level cache while all panels pass: 120 rows of 1024 floats
  /// are 480 KiB of its 1 MiB.
  private static let rowsInCache = 120

  func run(on device: Device, bias: UnsafePointer<Float>?, rectifying: Bool, accumulating: Bool) {
    guard m > 0, n > 0 else { return }
    let kernels = device.kernels
    let lanes = kernels.tileLanes
    let tileRows = kernels.tileRows
    let panelFloats = Panels.size(depth: k, columns: n, lanes: lanes)
    let tiles = (m + tileRows - 1) / tileRows
    let packsA = self.packsA(panels: (n + 2 * lanes - 1) / (2 * lanes))
    let scratch = device.scratch(panelFloats + (packsA ? tiles * tileRows * k : 0))
    let panels = Panels(depth: k, columns: n, lanes: lanes, start: scratch)
    let packedA = scratch + panelFloats
    device.parallel(panels.count + (packsA ? tiles : 0)) { index, _ in
      if index < panels.count {
        panels.pack(index, from: b, stride: bStride, transposed: transposingB, with: kernels)
      } else {
        packA(index - panels.count, into: packedA, tileRows: tileRows, kernels: kernels)
      }
    }
    var row = TileRow(kernels: kernels, panels: panels)
    row.accumulating = accumulating
    row.bias = bias
    row.rectifying = rectifying
    let blocks = Blocks(
      tiles: tiles, tilesInCache: max(1, Self.rowsInCache / tileRows), panels: panels.count,
      threads: device.threadCount)
    device.parallel(blocks.count) { [row] index, _ in
      runBlock(
        tiles: blocks.tiles(index), panels: blocks.panels(index), row: row,
        packedA: packsA ? UnsafePointer(packedA) : nil)
    }
  }

  /// Whether copying A pays: its elements are read once for each panel. Read as it lies, a
  /// transposed A touches a cache line an element, and rows that are a power of two apart compete
  /// for the same lines.
  private func packsA(panels: Int) -> Bool {
    transposingA ? panels >= 2 : panels >= 4 && aStride % 256 == 0
  }

  private func packA(
    _ tile: Int, into packed: UnsafeMutablePointer<Float>, tileRows: Int, kernels: KernelTable
  ) {
    let first = tile * tileRows
    let rows = min(tileRows, m - first)
    let to = packed + first * k
    if transposingA {
      kernels.packRows(a + first, aStride, k, rows, tileRows, to)
    } else {
      kernels.packColumns(a + first * aStride, aStride, k, rows, tileRows, to)
    }
  }

  private func runBlock(
    tiles: Range<Int>, panels: Range<Int>, row: TileRow, packedA: UnsafePointer<Float>?
  ) {
    let tileRows = row.kernels.tileRows
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * tileRows + 1) { table in
      guard let aOffsets = table.baseAddress else { return }
      let cOffsets = aOffsets + tileRows
      let runOffset = cOffsets + tileRows
      runOffset.pointee = 0
      let rowStep = packedA != nil || transposingA ? 1 : aStride
      for i in 0..<tileRows { cOffsets[i] = i * n }
      for panel in panels {
        for tile in tiles {
          let first = tile * tileRows
          let rows = min(tileRows, m - first)
          for i in 0..<tileRows { aOffsets[i] = min(i, rows - 1) * rowStep }
          row.run(
            panel, a: packedA.map { $0 + first * k } ?? a + first * rowStep, aOffsets: aOffsets,
            runOffsets: runOffset, runCount: 1, runLength: k,
            aStep: packedA != nil ? tileRows : transposingA ? aStride : 1,
            c: c + first * n, cOffsets: cOffsets, rowCount: rows)
        }
      }
    }
  }
}

/// How the tiles of a product are dealt to threads: blocks of tiles by blocks of panels.
private struct Blocks {
  private let tileCount: Int
  private let panelCount: Int
  private let tileBlocks: Int
  private let panelBlocks: Int

  init(tiles: Int, tilesInCache: Int, panels: Int, threads: Int) {
    tileCount = tiles
    panelCount = panels
    let byCache = (tiles + tilesInCache - 1) / tilesInCache
    // Four blocks a thread even out what the machine does beside this.
    let wanted = threads == 1 ? 1 : 4 * threads
    panelBlocks = min(panels, max(1, (wanted + byCache - 1) / byCache))
    let missing = (wanted + panelBlocks - 1) / panelBlocks
    tileBlocks = min(tiles, max(byCache, missing))
  }

  var count: Int { tileBlocks * panelBlocks }

  func tiles(_ block: Int) -> Range<Int> {
    let i = block / panelBlocks
    return tileCount * i / tileBlocks..<tileCount * (i + 1) / tileBlocks
  }

  func panels(_ block: Int) -> Range<Int> {
    let i = block % panelBlocks
    return panelCount * i / panelBlocks..<panelCount * (i + 1) / panelBlocks
  }
}
