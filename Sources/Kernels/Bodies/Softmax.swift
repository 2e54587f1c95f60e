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

  /// The gradient of a softmax: `dx = p · (dp − Σ p dp) · factor`; `dx` and `dp` may be the same.
  @inlinable @inline(__always)
  public static func softmaxRowBackward(
    _ p: Source, dp: Source, count: Int, factor: Float, to dx: Target
  ) {
    var total = Wide()
    forEachWide(count) { i, valid in
      total = multiplyAdd(loadWide(p + i, valid), loadWide(dp + i, valid), total)
    }
    let mean = sum(total)
    forEachWide(count) { i, valid in
      storeWide(loadWide(p + i, valid) * (loadWide(dp + i, valid) - mean) * factor, dx + i, valid)
    }
  }
}
