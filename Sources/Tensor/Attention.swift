import KernelBodies

// Scaled dot-product attention of several heads (Vaswani et al., "Attention is all you need", 2017).
//
// Queries, keys and values lie side by side, `[N, T, 3, heads, E]`, as one product makes them. What
// one head does for one item of the batch is a handful of small products: `S = Q Kᵀ / √E`,
// `P = softmax(S)`, `O = P V`. A thread takes one of these at a time, all of it.

/// The extents of an attention over `tokens` tokens of `width` numbers.
public struct AttentionGeometry: Equatable, Sendable {
  public let tokens: Int
  public let width: Int
  public let heads: Int

  /// - Precondition: `heads` divides `width`.
  public init(tokens: Int, width: Int, heads: Int) {
    precondition(heads > 0 && width % heads == 0, "\(heads) heads over \(width) numbers")
    (self.tokens, self.width, self.heads) = (tokens, width, heads)
  }

  /// Numbers that one head has of a token, E.
  public var headWidth: Int { width / heads }
  /// Queries, keys and values of `count` items: `[N, T, 3 D]`.
  public func projectedShape(_ count: Int) -> Shape { Shape(tokens, 3 * width).batched(count) }
  /// Outputs of `count` items: `[N, T, D]`.
  public func outputShape(_ count: Int) -> Shape { Shape(tokens, width).batched(count) }
  /// How much each token attends to each other one: `[N, heads, T, T]`.
  public func weightShape(_ count: Int) -> Shape { Shape(count, heads, tokens, tokens) }
  /// Multiply-adds of one item.
  public var multiplyAdds: Int { 2 * tokens * tokens * width }

  /// What the scores are multiplied with.
  var scale: Float { 1 / Float(headWidth).squareRoot() }
}

extension Device {
  /// `o = softmax(Q Kᵀ / √E) V`, head by head.
  ///
  /// - Parameters:
  ///   - qkv: ``AttentionGeometry/projectedShape(_:)``: queries, keys, values.
  ///   - weights: ``AttentionGeometry/weightShape(_:)``, overwritten with the softmax.
  ///   - o: ``AttentionGeometry/outputShape(_:)``.
  public func attention(_ qkv: Tensor, _ g: AttentionGeometry, weights: Tensor, into o: Tensor) {
    let items = check(qkv, g, weights: weights, o)
    let work = HeadWork(kernels: kernels, g: g)
    let rooms = scratch(threadCount * work.panelSize)
    parallel(items * g.heads) { index, worker in
      work.forward(
        index, qkv.pointer, weights.pointer, o.pointer, room: rooms + worker * work.panelSize)
    }
  }

  /// The gradient of ``attention(_:_:weights:into:)``'s queries, keys and values; `gradient` is
  /// overwritten.
  public func attentionBackward(
    _ dO: Tensor, _ qkv: Tensor, _ g: AttentionGeometry, weights: Tensor, into gradient: Tensor
  ) {
    let items = check(qkv, g, weights: weights, dO)
    precondition(gradient.shape == qkv.shape, "attentionBackward: \(gradient.shape)")
    let work = HeadWork(kernels: kernels, g: g)
    let size = work.panelSize + work.scoreSize
    let rooms = scratch(threadCount * size)
    parallel(items * g.heads) { index, worker in
      work.backward(
        index, dO.pointer, qkv.pointer, weights.pointer, gradient.pointer,
        room: rooms + worker * size)
    }
  }

  private func check(
    _ qkv: Tensor, _ g: AttentionGeometry, weights: Tensor, _ o: Tensor
  ) -> Int {
    let items = qkv.shape[0]
    precondition(
      qkv.shape == g.projectedShape(items) && weights.shape == g.weightShape(items)
        && o.shape == g.outputShape(items), "attention: \(qkv.shape), \(weights.shape), \(o.shape)")
    return items
  }
}

/// What one head does for one item. Heads are numbered item by item.
private struct HeadWork {
  let kernels: any Kernels.Type
  let g: AttentionGeometry

  /// Floats for the panels of any of the products, a whole number of cache lines.
  var panelSize: Int {
    let lanes = kernels.tileLanes
    let size = max(
      Panels.size(depth: g.headWidth, columns: g.tokens, lanes: lanes),
      Panels.size(depth: g.tokens, columns: g.headWidth, lanes: lanes))
    return (size + 15) / 16 * 16
  }

  /// Floats for the gradient of the scores.
  var scoreSize: Int { (g.tokens * g.tokens + 15) / 16 * 16 }

  /// Where the queries of a head begin, and so its part of the output.
  private func offsets(_ index: Int) -> (projected: Int, output: Int, weights: Int) {
    let (item, head) = index.quotientAndRemainder(dividingBy: g.heads)
    return (
      item * g.tokens * 3 * g.width + head * g.headWidth,
      item * g.tokens * g.width + head * g.headWidth, index * g.tokens * g.tokens
    )
  }

  func forward(
    _ index: Int, _ qkv: Source, _ weights: Target,
    _ o: Target, room: Target
  ) {
    let at = offsets(index)
    let (q, p) = (qkv + at.projected, weights + at.weights)
    let (k, v) = (q + g.width, q + 2 * g.width)
    scores(q, stride: 3 * g.width, k, into: p, room)
    kernels.scale(p, count: g.tokens * g.tokens, by: g.scale, to: p)
    for row in 0..<g.tokens {
      _ = kernels.softmaxRow(p + row * g.tokens, count: g.tokens, to: p + row * g.tokens)
    }
    mixture(p, transposed: false, of: v, stride: 3 * g.width, into: o + at.output, g.width, room)
  }

  func backward(
    _ index: Int, _ dO: Source, _ qkv: Source,
    _ weights: Source, _ gradient: Target,
    room: Target
  ) {
    let at = offsets(index)
    let (q, p, d) = (qkv + at.projected, weights + at.weights, dO + at.output)
    let (k, v) = (q + g.width, q + 2 * g.width)
    let dq = gradient + at.projected
    let (dk, dv) = (dq + g.width, dq + 2 * g.width)
    let ds = room + panelSize
    let stride = 3 * g.width
    // O = P V  ⇒  dV = Pᵀ · dO, dP = dO · Vᵀ
    mixture(p, transposed: true, of: d, stride: g.width, into: dv, stride, room)
    scores(d, stride: g.width, v, into: ds, room)
    for row in 0..<g.tokens {
      let start = row * g.tokens
      kernels.softmaxRowBackward(
        p + start, dp: ds + start, count: g.tokens, factor: g.scale, to: ds + start)
    }
    // S = Q Kᵀ / √E  ⇒  dQ = dS · K / √E, dK = dSᵀ · Q / √E
    mixture(ds, transposed: false, of: k, stride: stride, into: dq, stride, room)
    mixture(ds, transposed: true, of: q, stride: stride, into: dk, stride, room)
  }

  /// `[T, T]`: the products of all rows of `a` with all rows of `b`, which lies among the
  /// projections.
  private func scores(
    _ a: Source, stride: Int, _ b: Source,
    into s: Target, _ room: Target
  ) {
    MatrixProduct(
      a: a, aStride: stride, transposingA: false, c: s, m: g.tokens, n: g.tokens, k: g.headWidth
    ).runAlone(kernels, b: b, bStride: 3 * g.width, transposingB: true, room: room)
  }

  /// `[T, E]`: sums of rows of `b`, weighted with `[T, T]`.
  private func mixture(
    _ weights: Source, transposed: Bool, of b: Source, stride: Int,
    into c: Target, _ cStride: Int, _ room: Target
  ) {
    var product = MatrixProduct(
      a: weights, aStride: g.tokens, transposingA: transposed, c: c, m: g.tokens, n: g.headWidth,
      k: g.tokens)
    product.cStride = cStride
    product.runAlone(kernels, b: b, bStride: stride, room: room)
  }
}
