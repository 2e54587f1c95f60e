import KernelBodies

extension Device {
  /// Layer normalization of the rows of `x`, `[…, C]` (Ba, Kiros and Hinton, "Layer normalization",
  /// 2016): `y = γ (x − mean) / √(variance + ε) + β`, mean and biased variance being the row's.
  ///
  /// - Parameter statistics: `[…, 2]`, overwritten with what the backward pass needs of each row.
  public func layerNorm(
    _ x: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float, statistics: Tensor, into y: Tensor
  ) {
    let (rows, columns) = x.shape.asMatrix
    precondition(x.count == y.count && statistics.count >= 2 * rows, "layerNorm: \(x.shape)")
    precondition(gamma.count == columns && beta.count == columns, "layerNorm: \(gamma.shape)")
    parallelRanges(rows, grain: max(1, Self.elementGrain / max(1, columns))) { range in
      let start = range.lowerBound * columns
      kernels.layerNorm(
        LayerNormArguments(
          x: x.pointer + start, rows: Rows(range.count, of: columns), gamma: gamma.pointer,
          beta: beta.pointer, epsilon: epsilon, y: y.pointer + start,
          statistics: statistics.pointer + 2 * range.lowerBound))
    }
  }

  /// The gradients of ``layerNorm(_:gamma:beta:epsilon:statistics:into:)``, overwritten; `dx` may
  /// be `dy`.
  ///
  /// With `x̂ = (x − mean) / √(variance + ε)` and `g = γ dy`: `dβ = Σ dy`, `dγ = Σ dy x̂` over the
  /// rows, `dx = (g − mean(g) − x̂ mean(g x̂)) / √(variance + ε)` with means along a row.
  public func layerNormBackward(
    _ dy: Tensor, _ x: Tensor, gamma: Tensor, statistics: Tensor, gammaGradient: Tensor,
    betaGradient: Tensor, into dx: Tensor?
  ) {
    let (rows, columns) = x.shape.asMatrix
    precondition(x.count == dy.count && statistics.count >= 2 * rows, "layerNormBackward: rows")
    precondition(dx == nil || dx?.count == x.count, "layerNormBackward: \(x.shape)")
    let chunks = RowChunks(rows: rows, columns: columns)
    let sums = scratch(2 * chunks.count * columns)
    parallel(chunks.count) { chunk, _ in
      let range = chunks.range(chunk)
      let start = range.lowerBound * columns
      let part = sums + 2 * chunk * columns
      part.update(repeating: 0, count: 2 * columns)
      kernels.layerNormBackward(
        LayerNormGradient(
          dy: dy.pointer + start, x: x.pointer + start, rows: Rows(range.count, of: columns),
          gamma: gamma.pointer, statistics: statistics.pointer + 2 * range.lowerBound,
          gammaSums: part, betaSums: part + columns, dx: dx.map { $0.pointer + start }))
    }
    for column in 0..<columns {
      var (product, sum) = (0.0, 0.0)
      for chunk in 0..<chunks.count {
        product += Double(sums[2 * chunk * columns + column])
        sum += Double(sums[(2 * chunk + 1) * columns + column])
      }
      gammaGradient.pointer[column] = Float(product)
      betaGradient.pointer[column] = Float(sum)
    }
  }
}
