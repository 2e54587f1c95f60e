import KernelBodies

/// Rows dealt out in chunks of a size that depends on the shape alone, so that a sum over rows has
/// the same order whatever the number of threads.
struct RowChunks {
  let rows: Int
  let rowsInChunk: Int

  /// Chunks of about 8,192 floats: 32 KiB, which stay in the first-level cache.
  init(rows: Int, columns: Int) {
    self.rows = rows
    rowsInChunk = max(16, 8192 / max(1, columns))
  }

  var count: Int { (rows + rowsInChunk - 1) / rowsInChunk }

  func range(_ chunk: Int) -> Range<Int> {
    chunk * rowsInChunk..<min((chunk + 1) * rowsInChunk, rows)
  }
}

extension Device {
  /// `sums = Σ rows of x`: `x` is `[…, C]`, `sums` `[C]`, overwritten. Sums of chunks are added in
  /// double precision, in order.
  public func sumRows(_ x: Tensor, into sums: Tensor) {
    let (rows, columns) = x.shape.asMatrix
    precondition(sums.count == columns, "sumRows: \(x.shape) into \(sums.shape)")
    let chunks = RowChunks(rows: rows, columns: columns)
    let parts = scratch(chunks.count * columns)
    parallel(chunks.count) { chunk, _ in
      let range = chunks.range(chunk)
      kernels.sumRows(
        x.pointer + range.lowerBound * columns, Rows(range.count, of: columns),
        into: parts + chunk * columns, accumulating: false)
    }
    for column in 0..<columns {
      var total = 0.0
      for chunk in 0..<chunks.count { total += Double(parts[chunk * columns + column]) }
      sums.pointer[column] = Float(total)
    }
  }
}
