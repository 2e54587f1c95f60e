import KernelBodies

extension Device {
  /// Elements that are worth a thread of their own: about 10 microseconds' work.
  static let elementGrain = 16_384

  /// `y = x`, whatever the shapes; nothing where both are the same elements.
  public func copy(_ x: Tensor, into y: Tensor) {
    precondition(x.count == y.count, "copy: \(x.shape) into \(y.shape)")
    guard x.pointer != y.pointer else { return }
    parallelRanges(x.count, grain: Self.elementGrain) { range in
      (y.pointer + range.lowerBound).update(from: x.pointer + range.lowerBound, count: range.count)
    }
  }

  /// `y += x`.
  public func add(_ x: Tensor, to y: Tensor) {
    precondition(x.count == y.count, "add: \(x.shape) to \(y.shape)")
    parallelRanges(x.count, grain: Self.elementGrain) { range in
      kernels.add(
        x.pointer + range.lowerBound, count: range.count, to: y.pointer + range.lowerBound)
    }
  }

  /// `y = factor · x + rest · y`.
  public func blend(_ x: Tensor, factor: Float, into y: Tensor, rest: Float) {
    precondition(x.count == y.count, "blend: \(x.shape) into \(y.shape)")
    parallelRanges(x.count, grain: Self.elementGrain) { range in
      let i = range.lowerBound
      kernels.blend(
        x.pointer + i, count: range.count, factor: factor, into: y.pointer + i, rest: rest)
    }
  }

  /// `x = factor · x`.
  public func scale(_ x: Tensor, by factor: Float) {
    parallelRanges(x.count, grain: Self.elementGrain) { range in
      let part = x.pointer + range.lowerBound
      kernels.scale(part, count: range.count, by: factor, to: part)
    }
  }

  /// Limits every element to `-limit ... limit`.
  public func clamp(_ x: Tensor, to limit: Float) {
    parallelRanges(x.count, grain: Self.elementGrain) { range in
      kernels.clamp(x.pointer + range.lowerBound, count: range.count, to: limit)
    }
  }

  /// `Σ x²`: chunks of a fixed size in single precision, their sums added in order in double.
  public func sumOfSquares(_ x: Tensor) -> Double {
    let chunks = RowChunks(rows: x.count, columns: 1)
    let parts = scratch(chunks.count)
    parallel(chunks.count) { chunk, _ in
      let range = chunks.range(chunk)
      parts[chunk] = kernels.sumOfSquares(x.pointer + range.lowerBound, count: range.count)
    }
    return (0..<chunks.count).reduce(0.0) { $0 + Double(parts[$1]) }
  }

  /// `y = scale · bytes + shift` for the pixels of one image: 0 to 255 become normalized floats.
  /// Runs on the calling thread.
  public func normalize(
    _ bytes: Span<UInt8>, scale: Float, shift: Float, into y: Tensor
  ) {
    precondition(bytes.count <= y.count, "normalize: \(bytes.count) bytes into \(y.shape)")
    bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return }
      kernels.normalizeBytes(start, count: bytes.count, scale: scale, shift: shift, to: y.pointer)
    }
  }

  /// `y += factor · x` for as many elements of `x`, beginning with `first`, as `y` has. Runs on the
  /// calling thread.
  public func add(_ x: Tensor, from first: Int, times factor: Float, to y: Tensor) {
    precondition(first >= 0 && first + y.count <= x.count, "add: \(y.count) from \(first)")
    let (from, to) = (x.pointer + first, y.pointer)
    for i in 0..<y.count { to[i] += factor * from[i] }
  }

  /// Calls `body` for ranges that together cover `0 ..< count`, on all threads; for work that is
  /// not about tensors, such as filling a batch.
  public func forEachRange(of count: Int, grain: Int, _ body: (_ range: Range<Int>) -> Void) {
    parallelRanges(count, grain: grain, body)
  }

  /// The same, and says which of the ``threadCount`` threads is at work, so that each can have
  /// memory of its own.
  public func forEachRange(
    of count: Int, grain: Int, _ body: (_ range: Range<Int>, _ worker: Int) -> Void
  ) {
    parallelParts(count, grain: grain, body)
  }
}
