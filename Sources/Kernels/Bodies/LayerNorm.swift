// The loops of layer normalization (Ba, Kiros and Hinton, 2016): a row at a time, the sums along it
// in sixteen lanes, added as a tree of fixed shape.

/// The normalization of some rows.
public struct LayerNormArguments {
  public var x: Source
  public var rows: Rows
  public var gamma: Source
  public var beta: Source
  public var epsilon: Float
  public var y: Target
  /// Overwritten with the mean of each row and what its deviations are multiplied with.
  public var statistics: Target

  @inlinable
  public init(
    x: Source, rows: Rows, gamma: Source, beta: Source, epsilon: Float, y: Target,
    statistics: Target
  ) {
    self.x = x
    self.rows = rows
    self.gamma = gamma
    self.beta = beta
    self.epsilon = epsilon
    self.y = y
    self.statistics = statistics
  }
}

/// The way back through some rows.
public struct LayerNormGradient {
  public var dy: Source
  public var x: Source
  public var rows: Rows
  public var gamma: Source
  /// What the forward pass left of each row.
  public var statistics: Source
  /// `dy · x̂` and `dy` are added to these.
  public var gammaSums: Target
  public var betaSums: Target
  /// May be missing, or be `dy`.
  public var dx: Target?

  @inlinable
  public init(
    dy: Source, x: Source, rows: Rows, gamma: Source, statistics: Source, gammaSums: Target,
    betaSums: Target, dx: Target?
  ) {
    self.dy = dy
    self.x = x
    self.rows = rows
    self.gamma = gamma
    self.statistics = statistics
    self.gammaSums = gammaSums
    self.betaSums = betaSums
    self.dx = dx
  }
}

extension Kernels {
  /// `y = (x − mean) / √(variance + ε) · γ + β` for each row.
  @inlinable @inline(__always)
  public static func layerNorm(_ t: LayerNormArguments) {
    let columns = t.rows.length
    let share = 1 / Float(columns)
    for row in 0..<t.rows.count {
      let (from, to) = (t.x + row * columns, t.y + row * columns)
      var total = Wide()
      forEachWide(columns) { i, valid in total += loadWide(from + i, valid) }
      let mean = sum(total) * share
      var squares = Wide()
      forEachWide(columns) { i, valid in
        var d = loadWide(from + i, valid) - mean
        for lane in valid..<16 { d[lane] = 0 }
        squares = multiplyAdd(d, d, squares)
      }
      let inverse = 1 / squareRoot(sum(squares) * share + t.epsilon)
      forEachWide(columns) { i, valid in
        let normalized = (loadWide(from + i, valid) - mean) * inverse
        storeWide(
          multiplyAdd(normalized, loadWide(t.gamma + i, valid), loadWide(t.beta + i, valid)),
          to + i, valid)
      }
      t.statistics[2 * row] = mean
      t.statistics[2 * row + 1] = inverse
    }
  }

  /// With `x̂ = (x − mean) · inverse` and `g = dy · γ`, row by row:
  /// `dx = inverse · (g − Σ g / columns − x̂ · Σ g x̂ / columns)`.
  @inlinable @inline(__always)
  public static func layerNormBackward(_ t: LayerNormGradient) {
    let columns = t.rows.length
    let share = 1 / Float(columns)
    for row in 0..<t.rows.count {
      let (d, from) = (t.dy + row * columns, t.x + row * columns)
      let (mean, inverse) = (t.statistics[2 * row], t.statistics[2 * row + 1])
      var total = Wide()
      var product = Wide()
      forEachWide(columns) { i, valid in
        let (v, normalized) = (loadWide(d + i, valid), (loadWide(from + i, valid) - mean) * inverse)
        // Lanes that are not in use are zero in `v`, and so in all that follows.
        let g = v * loadWide(t.gamma + i, valid)
        total += g
        product = multiplyAdd(g, normalized, product)
        let gammaSum = multiplyAdd(v, normalized, loadWide(Source(t.gammaSums) + i, valid))
        storeWide(gammaSum, t.gammaSums + i, valid)
        storeWide(v + loadWide(Source(t.betaSums) + i, valid), t.betaSums + i, valid)
      }
      guard let dx = t.dx else { continue }
      let (offset, slope) = (sum(total) * share, sum(product) * share)
      let to = dx + row * columns
      forEachWide(columns) { i, valid in
        let normalized = (loadWide(from + i, valid) - mean) * inverse
        let g = loadWide(d + i, valid) * loadWide(t.gamma + i, valid) - offset
        storeWide(multiplyAdd(normalized, Wide(repeating: -slope), g) * inverse, to + i, valid)
      }
    }
  }
}
