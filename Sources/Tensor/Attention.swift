import KernelBodies

// Scaled dot-product attention of several heads (Vaswani et al., "Attention is all you need", 2017).
//
// Queries, keys and values lie side by side, `[N, T, 3, heads, E]`, as one product makes them. What
// one head does for one item of the batch is a handful of small products: `S = Q Kᵀ / √E`,
// `P = softmax(S)`, `O = P V`. A thread takes one of these at a time, all of it, so that `S` and `P`
// never leave the thread's cache. They are not kept: the way back computes them again, which costs
// less than writing and reading them (Dao, Fu, Ermon, Rudra and Ré, "FlashAttention: fast and
// memory-efficient exact attention with IO-awareness", 2022).
//
// Rows of `S` lie a whole number of sixteens apart. What stands behind the last token is zero in the
// packed keys and zero in `P`, so no product and no sum has an edge. Sums over more than 64 tokens or
// numbers are added up in chains of 64, as everywhere in strips.

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
  /// Multiply-adds of one item.
  public var multiplyAdds: Int { 2 * tokens * tokens * width }

  /// Floats from one row of scores to the next.
  var rowStep: Int { (tokens + 15) / 16 * 16 }
  /// The width of a head in whole sixteens.
  var widenedHead: Int { (headWidth + 15) / 16 * 16 }
  /// What the scores are multiplied with.
  var scale: Float { 1 / Float(headWidth).squareRoot() }
}

extension Device {
  /// `o = softmax(Q Kᵀ / √E) V`, head by head.
  ///
  /// - Parameters:
  ///   - qkv: ``AttentionGeometry/projectedShape(_:)``: queries, keys, values.
  ///   - o: ``AttentionGeometry/outputShape(_:)``, overwritten.
  public func attention(_ qkv: Tensor, _ g: AttentionGeometry, into o: Tensor) {
    let items = check(qkv, g, o)
    let work = HeadWork(kernels: kernels, g: g)
    let rooms = scratch(threadCount * work.roomSize)
    parallel(items * g.heads) { index, worker in
      work.forward(index, qkv.pointer, o.pointer, room: rooms + worker * work.roomSize)
    }
  }

  /// The gradient of ``attention(_:_:into:)``'s queries, keys and values; `gradient` is overwritten.
  public func attentionBackward(
    _ dO: Tensor, _ qkv: Tensor, _ g: AttentionGeometry, into gradient: Tensor
  ) {
    let items = check(qkv, g, dO)
    precondition(gradient.shape == qkv.shape, "attentionBackward: \(gradient.shape)")
    let work = HeadWork(kernels: kernels, g: g)
    let rooms = scratch(threadCount * work.roomSize)
    parallel(items * g.heads) { index, worker in
      work.backward(
        index, dO.pointer, qkv.pointer, gradient.pointer, room: rooms + worker * work.roomSize)
    }
  }

  private func check(_ qkv: Tensor, _ g: AttentionGeometry, _ o: Tensor) -> Int {
    let items = qkv.shape[0]
    precondition(
      qkv.shape == g.projectedShape(items) && o.shape == g.outputShape(items),
      "attention: \(qkv.shape), \(o.shape)")
    return items
  }
}

/// What one head does for one item. Heads are numbered item by item.
private struct HeadWork {
  let kernels: any Kernels.Type
  let g: AttentionGeometry

  /// Floats of the room that a thread works in: scores, their gradient, and the larger of keys as the
  /// product reads them and of widened values with a result beside them.
  var roomSize: Int {
    2 * scoreSize + max(g.rowStep, 2 * g.tokens) * g.widenedHead
  }

  /// Where the queries of a head begin, and its part of the output.
  private func offsets(_ index: Int) -> (projected: Int, output: Int) {
    let (item, head) = index.quotientAndRemainder(dividingBy: g.heads)
    return (
      item * g.tokens * 3 * g.width + head * g.headWidth,
      item * g.tokens * g.width + head * g.headWidth
    )
  }

  func forward(_ index: Int, _ qkv: Source, _ o: Target, room: Target) {
    let at = offsets(index)
    let q = qkv + at.projected
    let (p, panels) = (room, room + scoreSize)
    weights(q, into: p, panels)
    mixture(
      p, transposed: false, of: q + 2 * g.width, step: 3 * g.width, into: o + at.output, g.width,
      panels)
  }

  func backward(_ index: Int, _ dO: Source, _ qkv: Source, _ gradient: Target, room: Target) {
    let at = offsets(index)
    let (q, d, dq) = (qkv + at.projected, dO + at.output, gradient + at.projected)
    let (k, v) = (q + g.width, q + 2 * g.width)
    let (dk, dv) = (dq + g.width, dq + 2 * g.width)
    let (p, ds, panels) = (room, room + scoreSize, room + 2 * scoreSize)
    let step = 3 * g.width
    weights(q, into: p, panels)
    // O = P V  ⇒  dV = Pᵀ · dO, dP = dO · Vᵀ
    mixture(p, transposed: true, of: d, step: g.width, into: dv, step, panels)
    scores(d, step: g.width, v, into: ds, panels)
    kernels.softmaxRowsBackward(Source(p), rowsOfScores, factor: g.scale, ds)
    // S = Q Kᵀ / √E  ⇒  dQ = dS · K / √E, dK = dSᵀ · Q / √E
    mixture(ds, transposed: false, of: k, step: step, into: dq, step, panels)
    mixture(ds, transposed: true, of: q, step: step, into: dk, step, panels)
  }

  private var scoreSize: Int { g.tokens * g.rowStep }
  private var rowsOfScores: SpacedRows {
    SpacedRows(count: g.tokens, length: g.tokens, step: g.rowStep)
  }

  /// `P`: how much each token attends to each other one.
  private func weights(_ q: Source, into p: Target, _ panels: Target) {
    scores(q, step: 3 * g.width, q + g.width, into: p, panels)
    kernels.softmaxRows(p, rowsOfScores, scale: g.scale)
  }

  /// The products of all rows of `a` with all rows of `b`, which lies among the projections.
  private func scores(_ a: Source, step: Int, _ b: Source, into s: Target, _ panels: Target) {
    kernels.packColumns(
      PackingArguments(
        source: b, stride: 3 * g.width, rows: g.headWidth, columns: g.tokens, width: g.rowStep,
        panel: panels))
    StripArguments(
      a: a, aRowStep: step, aStep: 1, depth: g.headWidth, b: panels, bStep: g.rowStep, c: s,
      cRowStep: g.rowStep
    ).run(rows: g.tokens, columns: g.rowStep, kernels)
  }

  /// Sums of rows of `b`, weighted with the rows of `weights` or with its columns.
  private func mixture(
    _ weights: Target, transposed: Bool, of b: Source, step: Int, into c: Target, _ cStep: Int,
    _ room: Target
  ) {
    var t = StripArguments(
      a: Source(weights), aRowStep: transposed ? 1 : g.rowStep,
      aStep: transposed ? g.rowStep : 1, depth: g.tokens, b: b, bStep: step, c: c, cRowStep: cStep)
    let width = g.widenedHead
    if width == g.headWidth { return t.run(rows: g.tokens, columns: width, kernels) }
    // A head that is no whole number of sixteens is widened with zeros, and computed aside.
    kernels.packRows(
      PackingArguments(
        source: b, stride: step, rows: g.tokens, columns: g.headWidth, width: width, panel: room))
    let aside = room + g.tokens * width
    (t.b, t.bStep, t.c, t.cRowStep) = (Source(room), width, aside, width)
    t.run(rows: g.tokens, columns: width, kernels)
    for row in 0..<g.tokens {
      (c + row * cStep).update(from: aside + row * width, count: g.headWidth)
    }
  }
}
