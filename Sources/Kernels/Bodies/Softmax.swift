// Softmax of one row, shifted by its maximum so that nothing overflows, and logarithms.

extension Kernels {
  /// `p = exp(x − max) / Σ exp(x − max)`; `x` and `p` may be the same.
  ///
  /// Gives back the maximum and the sum, from which the caller has `log Σ exp x`.
  @inlinable @inline(__always)
  public static func softmaxRow(
    _ x: Source, count: Int, to p: Target
  ) -> (maximum: Float, sum: Float) {
    var largest = Wide(repeating: -.infinity)
    forEachWide(count) { i, valid in
      largest = Wide.larger(
        largest, filled(loadWide(x + i, valid), from: valid, with: -.infinity))
    }
    let top = maximum(largest)
    var total = Wide()
    forEachWide(count) { i, valid in
      let e = filled(exponential(Self.self, loadWide(x + i, valid) - top), from: valid, with: 0)
      total += e
      storeWide(e, p + i, valid)
    }
    let whole = sum(total)
    let factor = 1 / whole
    map(Source(p), count, p) { $0 * factor }
    return (top, whole)
  }

  /// `y = log(x)`, element by element; `x` and `y` may be the same.
  @inlinable @inline(__always)
  public static func logarithms(_ x: Source, count: Int, to y: Target) {
    map(x, count, y) { logarithm(Self.self, $0) }
  }

  /// The softmax of each row times `scale`, in place; floats behind a row's last become zero.
  @inlinable @inline(__always)
  public static func softmaxRows(_ p: Target, _ rows: SpacedRows, scale: Float) {
    var row = p
    for _ in 0..<rows.count {
      var largest = Wide(repeating: -.infinity)
      forEachSixteen(rows) { i in
        let x = (load(Source(row) + i) as Wide) * scale
        largest = Wide.larger(
          largest, filled(x, from: rows.length - i, with: -.infinity))
      }
      let top = maximum(largest)
      var total = Wide()
      forEachSixteen(rows) { i in
        let x = (load(Source(row) + i) as Wide) * scale
        let e = filled(exponential(Self.self, x - top), from: rows.length - i, with: 0)
        total += e
        store(e, row + i)
      }
      let factor = 1 / sum(total)
      forEachSixteen(rows) { i in store((load(Source(row) + i) as Wide) * factor, row + i) }
      row += rows.step
    }
  }

  /// The gradient of a softmax, row by row and in place of that of its outputs `dp`:
  /// `dx = p · (dp − Σ p dp) · factor`. Floats behind a row's last are zero in `p` and finite in `dp`.
  @inlinable @inline(__always)
  public static func softmaxRowsBackward(
    _ p: Source, _ rows: SpacedRows, factor: Float, _ dp: Target
  ) {
    var (row, gradient) = (p, dp)
    for _ in 0..<rows.count {
      var total = Wide()
      forEachSixteen(rows) { i in
        total = multiplyAdd(load(row + i), load(Source(gradient) + i), total)
      }
      let mean = sum(total)
      forEachSixteen(rows) { i in
        let dx = (load(row + i) as Wide) * ((load(Source(gradient) + i) as Wide) - mean) * factor
        store(dx, gradient + i)
      }
      row += rows.step
      gradient += rows.step
    }
  }
}

/// Rows that begin `step` floats apart, a whole number of sixteens.
public struct SpacedRows {
  public var count: Int
  public var length: Int
  public var step: Int

  @inlinable
  public init(count: Int, length: Int, step: Int) {
    self.count = count
    self.length = length
    self.step = step
  }
}

/// Calls `body` with the offset of each group of sixteen up to a row's end.
@inlinable @inline(__always)
func forEachSixteen(_ rows: SpacedRows, _ body: (_ offset: Int) -> Void) {
  var offset = 0
  while offset < rows.step {
    body(offset)
    offset += 16
  }
}
