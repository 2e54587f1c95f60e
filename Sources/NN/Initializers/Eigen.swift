/// The eigenvalues of a symmetric matrix, the largest first, and their eigenvectors, of length one.
///
/// By Jacobi's rotations, a sweep over all pairs at a time, until what is off the diagonal no longer
/// counts (Golub and Van Loan, "Matrix computations", 1996, section 8.4). For some dozen rows.
func eigen(of matrix: [[Double]]) -> (values: [Double], vectors: [[Double]]) {
  let count = matrix.count
  var a = matrix
  // The rows become the eigenvectors.
  var vectors = (0..<count).map { row in (0..<count).map { row == $0 ? 1.0 : 0 } }
  for _ in 0..<30 where offDiagonal(a) > 1e-15 * norm(a) {
    for p in 0..<count {
      for q in p + 1..<max(count, p + 1) where a[p][q] != 0 { rotate(&a, &vectors, p, q) }
    }
  }
  let order = (0..<count).sorted { a[$0][$0] > a[$1][$1] }
  return (order.map { a[$0][$0] }, order.map { vectors[$0] })
}

/// Turns the plane of `p` and `q` so that `a[p][q]` becomes zero.
private func rotate(_ a: inout [[Double]], _ vectors: inout [[Double]], _ p: Int, _ q: Int) {
  let slope = (a[q][q] - a[p][p]) / (2 * a[p][q])
  let tangent = (slope < 0 ? -1 : 1) / (abs(slope) + (1 + slope * slope).squareRoot())
  let cosine = 1 / (1 + tangent * tangent).squareRoot()
  let sine = tangent * cosine
  for k in a.indices {
    (a[k][p], a[k][q]) = (cosine * a[k][p] - sine * a[k][q], sine * a[k][p] + cosine * a[k][q])
  }
  for k in a.indices {
    (a[p][k], a[q][k]) = (cosine * a[p][k] - sine * a[q][k], sine * a[p][k] + cosine * a[q][k])
    (vectors[p][k], vectors[q][k]) = (
      cosine * vectors[p][k] - sine * vectors[q][k], sine * vectors[p][k] + cosine * vectors[q][k]
    )
  }
}

private func norm(_ a: [[Double]]) -> Double {
  a.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } }.squareRoot()
}

private func offDiagonal(_ a: [[Double]]) -> Double {
  var sum = 0.0
  for p in a.indices {
    for q in a.indices where p != q { sum += a[p][q] * a[p][q] }
  }
  return sum.squareRoot()
}
