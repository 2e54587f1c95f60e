import KernelBodies
import Support

/// One matrix product, ready to run. Strides count floats.
struct MatrixProduct {
  let a: UnsafePointer<Float>
  let aStride: Int
  let transposingA: Bool
  let c: UnsafeMutablePointer<Float>
  let m: Int
  let n: Int
  let k: Int
  /// A row to begin each sum with.
  var bias: UnsafePointer<Float>?
  /// Replaces negative results by zero.
  var rectifying = false
  /// Adds to C instead of overwriting it.
  var accumulating = false

  /// Tiles of A that stay in half of the second-level cache while all panels pass.
  private func tilesInCache(_ device: Device) -> Int {
    max(1, device.caches.level2Bytes / (2 * 4 * max(1, k)) / device.kernels.tileRows)
  }

  /// Runs with a B that is not packed yet: a row-major matrix, or the transpose of one.
  func run(on device: Device, b: UnsafePointer<Float>, bStride: Int, transposingB: Bool) {
    guard m > 0, n > 0 else { return }
    let kernels = device.kernels
    if readsInPlace(transposingB: transposingB) {
      return runInPlace(on: device, b: b, bStride: bStride)
    }
    let size = Panels.size(depth: k, columns: n, lanes: kernels.tileLanes)
    let packs = packsA((n + 2 * kernels.tileLanes - 1) / (2 * kernels.tileLanes))
    let room = device.scratch(size + (packs ? packedASize(kernels) : 0))
    let panels = Panels(depth: k, columns: n, lanes: kernels.tileLanes, start: room)
    let packedA = packs ? room + size : nil
    if packedA == nil, takesOnePass(panels.count, device.threadCount) {
      // Whoever packs a panel uses it at once and alone.
      let row = tileRow(kernels, panels)
      device.parallel(panels.count) { panel, _ in
        panels.pack(panel, from: b, stride: bStride, transposed: transposingB, with: kernels)
        runBlock(tiles: 0..<tileCount(kernels), panels: panel..<panel + 1, row: row, packedA: nil)
      }
      return
    }
    device.parallel(panels.count + (packedA == nil ? 0 : packingParts(kernels))) { index, _ in
      if index < panels.count {
        panels.pack(index, from: b, stride: bStride, transposed: transposingB, with: kernels)
      } else if let packedA {
        packA(part: index - panels.count, into: packedA, kernels)
      }
    }
    run(on: device, panels: panels, packedA: packedA)
  }

  /// Runs with panels that are ready.
  func run(on device: Device, panels: Panels, packedA: UnsafePointer<Float>? = nil) {
    guard m > 0, n > 0 else { return }
    if m == 1, !accumulating { return runRow(on: device, panels) }
    let row = tileRow(device.kernels, panels)
    let blocks = Blocks(
      tiles: tileCount(device.kernels),
      tilesInCache: tilesInCache(device), panels: panels.count, threads: device.threadCount)
    device.parallel(blocks.count) { index, _ in
      runBlock(
        tiles: blocks.tiles(index), panels: blocks.panels(index), row: row, packedA: packedA)
    }
  }

  /// Whether each panel is best packed by the one task that uses it: with few rows, or so many
  /// panels that they occupy all threads.
  private func takesOnePass(_ panels: Int, _ threads: Int) -> Bool {
    panels >= 4 * threads || panels >= threads && m <= 256
  }

  func tileCount(_ kernels: any Kernels.Type) -> Int {
    (m + kernels.tileRows - 1) / kernels.tileRows
  }

  private func tileRow(_ kernels: any Kernels.Type, _ panels: Panels) -> TileRow {
    var row = TileRow(kernels: kernels, panels: panels)
    row.accumulating = accumulating
    row.bias = bias
    row.rectifying = rectifying
    return row
  }

  /// Whether copying A pays: its elements are read once for each panel. Read as it lies, a
  /// transposed A touches a cache line an element, and rows that are a power of two apart compete
  /// for the same lines.
  private func packsA(_ panels: Int) -> Bool {
    transposingA ? panels >= 2 : panels >= 4 && aStride % 1024 == 0
  }

  private func packedASize(_ kernels: any Kernels.Type) -> Int {
    tileCount(kernels) * kernels.tileRows * k
  }

  /// Rows of a transposed A that are packed together: few enough to stay in the cache until every
  /// tile has its columns.
  private static let rowsPackedTogether = 32

  /// The parts of packing A: a tile each, or rows of a transposed A.
  private func packingParts(_ kernels: any Kernels.Type) -> Int {
    transposingA
      ? (k + Self.rowsPackedTogether - 1) / Self.rowsPackedTogether : tileCount(kernels)
  }

  private func packA(
    part: Int, into packed: UnsafeMutablePointer<Float>, _ kernels: any Kernels.Type
  ) {
    guard transposingA else { return packA(tile: part, into: packed, kernels) }
    let tileRows = kernels.tileRows
    let start = part * Self.rowsPackedTogether
    let depth = min(Self.rowsPackedTogether, k - start)
    for first in stride(from: 0, to: m, by: tileRows) {
      kernels.packRows(
        PackingArguments(
          source: a + start * aStride + first, stride: aStride, rows: depth,
          columns: min(tileRows, m - first), width: tileRows,
          panel: packed + first * k + start * tileRows))
    }
  }

  private func packA(
    tile: Int, into packed: UnsafeMutablePointer<Float>, _ kernels: any Kernels.Type
  ) {
    let tileRows = kernels.tileRows
    let first = tile * tileRows
    kernels.packColumns(
      PackingArguments(
        source: a + first * aStride, stride: aStride, rows: k, columns: min(tileRows, m - first),
        width: tileRows, panel: packed + first * k))
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
      let step = packedA != nil ? tileRows : transposingA ? aStride : 1
      for i in 0..<tileRows { cOffsets[i] = i * n }
      for panel in panels {
        var t = row.arguments(
          panel, a: a, aOffsets: aOffsets, runOffsets: runOffset, runCount: 1, runLength: k,
          aStep: step, c: c, cOffsets: cOffsets, rowCount: 0)
        let start = t.c
        for tile in tiles {
          let first = tile * tileRows
          let rows = min(tileRows, m - first)
          if rows != t.rowCount {
            for i in 0..<tileRows { aOffsets[i] = min(i, rows - 1) * rowStep }
            t.rowCount = rows
          }
          t.a = packedA.map { $0 + first * k } ?? a + first * rowStep
          t.c = start + first * n
          row.run(panel, &t)
        }
      }
    }
  }
}

extension MatrixProduct {
  /// A product of one row: panels in groups, one stretch of them a thread.
  private func runRow(on device: Device, _ panels: Panels) {
    let parts = min(device.threadCount, max(1, n * k / Self.elementsWorthAThread))
    device.parallel(parts) { part, _ in
      var panel = panels.count * part / parts
      let end = panels.count * (part + 1) / parts
      while panel < end {
        panel += runPanels(from: panel, atMost: end - panel, device.kernels, panels)
      }
    }
  }

  /// Weights whose reading takes longer than waking a thread.
  private static let elementsWorthAThread = 16_384

  /// Computes the panel, and up to three more if all are whole; gives back how many.
  private func runPanels(
    from panel: Int, atMost limit: Int, _ kernels: any Kernels.Type, _ panels: Panels
  ) -> Int {
    let width = 2 * panels.lanes
    let whole = min(limit, n / width - panel)
    guard whole > 0 else {
      runBlock(
        tiles: 0..<1, panels: panel..<panel + 1, row: tileRow(kernels, panels), packedA: nil)
      return 1
    }
    let count = whole >= 4 ? 4 : whole >= 2 ? 2 : 1
    var t = RowArguments(
      a: a, depth: k, b: panels.pointer(panel), panelStride: width * k, panelCount: count,
      c: c + panel * width, bias: bias.map { $0 + panel * width }, rectifying: rectifying)
    kernels.rowTile(&t)
    return count
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
    // As many for each thread: nine blocks on two threads would take as long as ten.
    let least = max(byCache, missing)
    tileBlocks = min(tiles, (least + threads - 1) / threads * threads)
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
