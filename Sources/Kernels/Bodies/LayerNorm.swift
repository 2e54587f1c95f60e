// The loops of layer normalization (Ba, Kiros and Hinton, 2016): a row at a time, the sums along it
// in sixteen lanes, added as a tree of fixed shape.

/// `y = (x − mean) / √(variance + ε) · γ + β` for each row of `columns` floats; `statistics` gets
/// the mean of each row and what its deviations are multiplied with.
@inlinable @inline(__always)
public func layerNorm<I: InstructionSet>(
  _: I.Type, _ x: Source, rows: Int, columns: Int, gamma: Source, beta: Source, epsilon: Float,
  _ y: Target, _ statistics: Target
) {
  let share = 1 / Float(columns)
  for row in 0..<rows {
    let (from, to) = (x + row * columns, y + row * columns)
    var total = Wide()
    forEachWide(columns) { i, valid in total += loadWide(from + i, valid) }
    let mean = sum(total) * share
    var squares = Wide()
    forEachWide(columns) { i, valid in
      var d = loadWide(from + i, valid) - mean
      for lane in valid..<16 { d[lane] = 0 }
      squares = I.multiplyAdd(d, d, squares)
    }
    let inverse = 1 / (sum(squares) * share + epsilon).squareRoot()
    forEachWide(columns) { i, valid in
      let normalized = (loadWide(from + i, valid) - mean) * inverse
      storeWide(
        I.multiplyAdd(normalized, loadWide(gamma + i, valid), loadWide(beta + i, valid)), to + i,
        valid)
    }
    statistics[2 * row] = mean
    statistics[2 * row + 1] = inverse
  }
}

/// With `x̂ = (x − mean) · inverse` and `g = dy · γ`, row by row:
/// `dx = inverse · (g − Σ g / columns − x̂ · Σ g x̂ / columns)`. Adds `dy · x̂` and `dy` to
/// `gammaSums` and `betaSums`. `dx` may be missing, or be `dy`.
@inlinable @inline(__always)
public func layerNormBackward<I: InstructionSet>(
  _: I.Type, _ dy: Source, _ x: Source, rows: Int, columns: Int, gamma: Source, statistics: Source,
  gammaSums: Target, betaSums: Target, _ dx: Target?
) {
  let share = 1 / Float(columns)
  for row in 0..<rows {
    let (d, from) = (dy + row * columns, x + row * columns)
    let (mean, inverse) = (statistics[2 * row], statistics[2 * row + 1])
    var total = Wide()
    var product = Wide()
    forEachWide(columns) { i, valid in
      let (v, normalized) = (loadWide(d + i, valid), (loadWide(from + i, valid) - mean) * inverse)
      // Lanes that are not in use are zero in `v`, and so in all that follows.
      let g = v * loadWide(gamma + i, valid)
      total += g
      product = I.multiplyAdd(g, normalized, product)
      let gammaSum = I.multiplyAdd(v, normalized, loadWide(Source(gammaSums) + i, valid))
      storeWide(gammaSum, gammaSums + i, valid)
      storeWide(v + loadWide(Source(betaSums) + i, valid), betaSums + i, valid)
    }
    guard let dx else { continue }
    let (offset, slope) = (sum(total) * share, sum(product) * share)
    let to = dx + row * columns
    forEachWide(columns) { i, valid in
      let normalized = (loadWide(from + i, valid) - mean) * inverse
      let g = loadWide(d + i, valid) * loadWide(gamma + i, valid) - offset
      storeWide(I.multiplyAdd(normalized, Wide(repeating: -slope), g) * inverse, to + i, valid)
    }
  }
}
