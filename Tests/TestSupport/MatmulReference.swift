import Tensor

/// The definition of a matrix product: `c + bias + a · b`, `a` taken as `[K, M]` if `transposingA`,
/// `b` as `[N, K]` if `transposingB`; the bias is a row.
public func matmulReference(
  _ a: Reference, _ b: Reference, transposingA: Bool = false, transposingB: Bool = false,
  bias: Reference? = nil, rectifying: Bool = false, addedTo c: Reference? = nil
) -> Reference {
  let (m, depth) = transposingA ? (a.columns, a.rows) : (a.rows, a.columns)
  let n = transposingB ? b.rows : b.columns
  var result = Reference(zeros: [m, n])
  for i in 0..<m {
    for j in 0..<n {
      if let c { result.add(c.values[i * n + j], at: i * n + j) }
      if let bias { result.add(bias.values[j], at: i * n + j) }
      for k in 0..<depth {
        let left = a.values[transposingA ? k * m + i : i * depth + k]
        let right = b.values[transposingB ? j * depth + k : k * n + j]
        result.add(left * right, at: i * n + j)
      }
    }
  }
  if rectifying { result.rectify() }
  return result
}

/// The sums of the rows of `[…, C]`, column by column.
public func rowSumsReference(_ x: Reference) -> Reference {
  var sums = Reference(zeros: [x.columns])
  for (index, value) in x.values.enumerated() { sums.add(value, at: index % x.columns) }
  return sums
}
