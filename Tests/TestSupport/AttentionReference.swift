import Tensor

/// Scaled dot-product attention of several heads over `[N, T, 3 D]`, queries, keys and values side
/// by side, and its gradient, from their definitions.
public struct AttentionReference {
  /// `[N, T, D]`.
  public private(set) var output: Reference
  private let projected: Reference
  private let heads: Int
  /// The softmax of each head of each item, `[T, T]`.
  private var weights: [Reference] = []

  public init(_ projected: Reference, heads: Int) {
    (self.projected, self.heads) = (projected, heads)
    let shape = projected.shape
    output = Reference(zeros: [shape[0], shape[1], shape[2] / 3])
    for item in 0..<shape[0] {
      for head in 0..<heads {
        var scores = Reference(zeros: [shape[1], shape[1]])
        for (i, j, e) in products() {
          let product = part(0, item, head, i, e) * part(1, item, head, j, e)
          scores.add(product * scale, at: i * tokens + j)
        }
        let p = softmaxReference(scores)
        weights.append(p)
        for (i, j, e) in products() {
          let index = (item * tokens + i) * width + head * headWidth + e
          output.add(p.values[i * tokens + j] * part(2, item, head, j, e), at: index)
        }
      }
    }
  }

  private var tokens: Int { projected.shape[1] }
  private var width: Int { projected.shape[2] / 3 }
  private var headWidth: Int { width / heads }
  private var scale: Double { 1 / Double(headWidth).squareRoot() }

  /// Every token with every token and every number of a head.
  private func products() -> [(Int, Int, Int)] {
    (0..<tokens).flatMap { i in
      (0..<tokens).flatMap { j in (0..<headWidth).map { (i, j, $0) } }
    }
  }

  /// Where a number of the queries (0), keys (1) or values (2) stands.
  private func place(_ kind: Int, _ item: Int, _ head: Int, _ token: Int, _ e: Int) -> Int {
    (item * tokens + token) * 3 * width + kind * width + head * headWidth + e
  }

  private func part(_ kind: Int, _ item: Int, _ head: Int, _ token: Int, _ e: Int) -> Double {
    projected.values[place(kind, item, head, token, e)]
  }

  /// The gradient of the projections for that of the output.
  public func gradient(_ dO: Reference) -> Reference {
    var gradient = Reference(zeros: projected.shape)
    for (index, p) in weights.enumerated() {
      let (item, head) = index.quotientAndRemainder(dividingBy: heads)
      var dp = [Double](repeating: 0, count: p.values.count)
      for (i, j, e) in products() {
        let d = dO.values[(item * tokens + i) * width + head * headWidth + e]
        gradient.add(p.values[i * tokens + j] * d, at: place(2, item, head, j, e))
        dp[i * tokens + j] += d * part(2, item, head, j, e)
      }
      for i in 0..<tokens {
        let row = i * tokens..<(i + 1) * tokens
        let mean = row.reduce(0) { $0 + p.values[$1] * dp[$1] }
        for j in row { dp[j] = p.values[j] * (dp[j] - mean) * scale }
      }
      for (i, j, e) in products() {
        let ds = dp[i * tokens + j]
        gradient.add(ds * part(1, item, head, j, e), at: place(0, item, head, i, e))
        gradient.add(ds * part(0, item, head, i, e), at: place(1, item, head, j, e))
      }
    }
    return gradient
  }
}
