import KernelBodies

extension Device {
  /// Matrix product: `c = a · b`, or `c += a · b` if `accumulating`.
  ///
  /// With neither transposed, `a` is `[M, K]`, `b` `[K, N]` and `c` `[M, N]`; `transposingA` takes
  /// `a` as `[K, M]`, `transposingB` takes `b` as `[N, K]`. Leading extents of a tensor of a higher
  /// rank count as rows. Each element of `c` is one chain of multiply-adds in the order of K, so
  /// its bits depend on neither the vector width nor the number of threads.
  ///
  /// - Parameters:
  ///   - bias: a row `[N]` that each sum begins with, not together with `accumulating`.
  ///   - rectifying: replaces negative results by zero.
  public func matmul(
    _ a: Tensor, _ b: Tensor, transposingA: Bool = false, transposingB: Bool = false,
    bias: Tensor? = nil, rectifying: Bool = false, accumulating: Bool = false, into c: Tensor
  ) {
    let (aRows, aColumns) = a.shape.asMatrix
    let (bRows, bColumns) = b.shape.asMatrix
    let (m, k) = transposingA ? (aColumns, aRows) : (aRows, aColumns)
    let (n, depth) = transposingB ? (bRows, bColumns) : (bColumns, bRows)
    precondition(k == depth, "matmul: \(a.shape) does not fit \(b.shape)")
    precondition(c.shape.asMatrix == (m, n), "matmul: the result is [\(m), \(n)], not \(c.shape)")
    precondition(bias == nil || !accumulating, "matmul: a bias cannot be accumulated")
    precondition(bias == nil || bias?.count == n, "matmul: the bias has \(n) elements")
    var product = MatrixProduct(
      a: a.pointer, aStride: aColumns, transposingA: transposingA, c: c.pointer, m: m, n: n, k: k)
    product.bias = bias.map { UnsafePointer($0.pointer) }
    product.rectifying = rectifying
    product.accumulating = accumulating
    product.run(
      on: self, b: b.pointer, bStride: bColumns, transposingB: transposingB)
  }

  /// The same for a `b` that is packed already, as the weights of a trained network are.
  public func matmul(
    _ a: Tensor, _ b: PackedMatrix, bias: Tensor? = nil, rectifying: Bool = false, into c: Tensor
  ) {
    let (m, k) = a.shape.asMatrix
    let panels = b.panels
    precondition(k == panels.depth, "matmul: \(a.shape) does not fit [\(panels.depth), …]")
    precondition(c.shape.asMatrix == (m, panels.columns), "matmul: the result is \(c.shape)")
    precondition(bias == nil || bias?.count == panels.columns, "matmul: the bias")
    var product = MatrixProduct(
      a: a.pointer, aStride: k, transposingA: false, c: c.pointer, m: m, n: panels.columns, k: k)
    product.bias = bias.map { UnsafePointer($0.pointer) }
    product.rectifying = rectifying
    product.run(on: self, panels: panels)
  }
}

extension Shape {
  /// The innermost extent as columns, the product of the others as rows.
  var asMatrix: (rows: Int, columns: Int) {
    guard rank > 0 else { return (1, 1) }
    return ((0..<rank - 1).reduce(1) { $0 * self[$1] }, self[rank - 1])
  }
}
