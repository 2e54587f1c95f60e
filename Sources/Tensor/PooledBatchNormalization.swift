import KernelBodies

// Batch normalization, a ReLU and 2 x 2 max pooling in one pass over images with even sides.

/// Pairs of image rows dealt out in chunks of a size that depends on the shape alone.
private struct PairChunks {
  let pairs: Int
  let width: Int
  let channels: Int
  private let pairsInChunk: Int

  init(_ images: Shape) {
    precondition(
      images.rank == 4 && images[1] % 2 == 0 && images[2] % 2 == 0, "pooling of \(images)")
    pairs = images[0] * images[1] / 2
    width = images[2]
    channels = images[3]
    pairsInChunk = max(1, 8192 / max(1, 2 * width * channels))
  }

  var count: Int { (pairs + pairsInChunk - 1) / pairsInChunk }
  /// Floats of a pair, and of its outputs.
  var pairSize: Int { 2 * width * channels }
  var outputSize: Int { width / 2 * channels }

  func range(_ chunk: Int) -> Range<Int> {
    chunk * pairsInChunk..<min((chunk + 1) * pairsInChunk, pairs)
  }

  func rowPairs(_ range: Range<Int>) -> RowPairs {
    RowPairs(count: range.count, width: width, channels: channels)
  }
}

extension Device {
  /// `y = max(0, largest of scale · x + shift over each 2 x 2 window)`.
  ///
  /// - Parameters:
  ///   - x: `[N, H, W, C]`, `H` and `W` even.
  ///   - choices: for each output its pixel in the window, row by row, or 4 where it is zero.
  ///   - y: `[N, H / 2, W / 2, C]`.
  public func scaleShiftMaxPool(
    _ x: Tensor, scale: Tensor, shift: Tensor, choices: Bytes?, into y: Tensor
  ) {
    let chunks = PairChunks(x.shape)
    precondition(y.count * 4 == x.count && scale.count == chunks.channels, "scaleShiftMaxPool")
    let map = ChannelMap(scale: scale.pointer, shift: shift.pointer, rectifying: true)
    parallel(chunks.count) { chunk, _ in
      let range = chunks.range(chunk)
      let output = range.lowerBound * chunks.outputSize
      kernels.poolNormalized(
        x.pointer + range.lowerBound * chunks.pairSize, chunks.rowPairs(range), by: map,
        to: y.pointer + output, choice: choices.map { $0.pointer + output })
    }
  }

  /// The gradients of a batch normalization with ``scaleShiftMaxPool(_:scale:shift:choices:into:)``
  /// behind it; see
  /// ``batchNormBackward(_:_:_:epsilon:rectifying:gammaGradient:betaGradient:into:)``.
  public func batchNormMaxPoolBackward(
    _ dy: Tensor, choices: Bytes, _ x: Tensor, _ statistics: BatchStatistics, epsilon: Float,
    gammaGradient: Tensor, betaGradient: Tensor, into dx: Tensor?
  ) {
    let chunks = PairChunks(x.shape)
    let channels = chunks.channels
    precondition(dy.count * 4 == x.count, "batchNormMaxPoolBackward: \(x.shape)")
    precondition(dx == nil || dx?.count == x.count, "batchNormMaxPoolBackward: dx")
    let r = BatchNormScratch(scratch(2 * (chunks.count + 1) * channels), chunks.count, channels)
    let s = statistics
    parallel(chunks.count) { chunk, _ in
      let range = chunks.range(chunk)
      let output = range.lowerBound * chunks.outputSize
      kernels.pooledBatchNormSums(
        PooledBatchNormSums(
          dy: dy.pointer + output, choice: choices.pointer + output,
          x: x.pointer + range.lowerBound * chunks.pairSize, pairs: chunks.rowPairs(range),
          mean: s.mean.pointer, sums: r.sums + chunk * channels,
          products: r.products + chunk * channels))
    }
    r.finish(
      s, epsilon: epsilon, rows: x.count / channels, gammaGradient: gammaGradient,
      betaGradient: betaGradient)
    guard let dx else { return }
    parallel(chunks.count) { chunk, _ in
      let range = chunks.range(chunk)
      let start = range.lowerBound * chunks.pairSize
      let output = range.lowerBound * chunks.outputSize
      kernels.pooledBatchNormBackward(
        PooledBatchNormGradient(
          dy: dy.pointer + output, choice: choices.pointer + output, x: x.pointer + start,
          pairs: chunks.rowPairs(range), mean: s.mean.pointer, scale: s.scale.pointer,
          slope: r.slope, offset: r.offset, dx: dx.pointer + start))
    }
  }
}
