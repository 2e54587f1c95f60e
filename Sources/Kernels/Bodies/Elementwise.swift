// Small loops over elements and over rows of channels.

extension Kernels {
  /// `y = Float(bytes) * scale + shift`: pixels of 0 to 255 become normalized inputs.
  @inlinable @inline(__always)
  public static func normalizeBytes(
    _ bytes: UnsafePointer<UInt8>, count: Int, scale: Float, shift: Float, to y: Target
  ) {
    let (a, b) = (Wide(repeating: scale), Wide(repeating: shift))
    var i = 0
    while i + 16 <= count {
      store(multiplyAdd(widenToFloat(bytes + i), a, b), y + i)
      i += 16
    }
    while i < count {
      y[i] = multiplyAdd(SIMD2(Float(bytes[i]), 0), SIMD2(scale, 0), SIMD2(shift, 0)).x
      i += 1
    }
  }

  /// `y += x`.
  @inlinable @inline(__always)
  public static func add(_ x: Source, count: Int, to y: Target) {
    zip(x, Source(y), count, y) { $0 + $1 }
  }

  /// `y = x * factor`; `x` and `y` may be the same.
  @inlinable @inline(__always)
  public static func scale(_ x: Source, count: Int, by factor: Float, to y: Target) {
    map(x, count, y) { $0 * factor }
  }

  /// `y = factor * x + rest * y`.
  @inlinable @inline(__always)
  public static func blend(
    _ x: Source, count: Int, factor: Float, into y: Target, rest: Float
  ) {
    zip(x, Source(y), count, y) { multiplyAdd($0, Wide(repeating: factor), $1 * rest) }
  }

  /// `x = min(max(x, −limit), limit)`; what is not a number stays so.
  @inlinable @inline(__always)
  public static func clamp(_ x: Target, count: Int, to limit: Float) {
    let (low, high) = (Wide(repeating: -limit), Wide(repeating: limit))
    map(Source(x), count, x) { Wide.smaller(high, Wide.larger(low, $0)) }
  }

  /// `Σ x²`, in an order that depends on the count alone.
  @inlinable @inline(__always)
  public static func sumOfSquares(_ x: Source, count: Int) -> Float {
    var total = Wide()
    forEachWide(count) { i, valid in
      let part = loadWide(x + i, valid)
      total = multiplyAdd(part, part, total)
    }
    return sum(total)
  }

  /// The sum of the rows, column by column, each in the order of the rows.
  /// Adds to `sums` if `accumulating`.
  @inlinable @inline(__always)
  public static func sumRows(_ x: Source, _ rows: Rows, into sums: Target, accumulating: Bool) {
    forEachWide(rows.length) { column, valid in
      var total = accumulating ? loadWide(Source(sums) + column, valid) : Wide()
      var p = x + column
      for _ in 0..<rows.count {
        total += loadWide(p, valid)
        p += rows.length
      }
      storeWide(total, sums + column, valid)
    }
  }

  /// `y = x * keep * factor`, where `keep` has a byte of 0 or 1 for each element: dropout with a mask
  /// that is already there.
  @inlinable @inline(__always)
  public static func applyMask(
    _ x: Source, keep: UnsafePointer<UInt8>, count: Int, factor: Float, to y: Target
  ) {
    var i = 0
    while i + 16 <= count {
      let dropped = loadBytes(keep + i, 16) .== WideInt()
      store((loadWide(x + i, 16) * factor).replacing(with: 0, where: dropped), y + i)
      i += 16
    }
    while i < count {
      y[i] = keep[i] == 0 ? 0 : x[i] * factor
      i += 1
    }
  }
}
