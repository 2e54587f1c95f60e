import Support
import Tensor

extension Tensor {
  /// Fills a matrix of outputs innermost with the orthogonal factor of a Gaussian one, the
  /// triangular factor having a positive diagonal, which makes it uniform among all such matrices
  /// (Mezzadri, "How to generate random matrices from the classical compact groups", 2007).
  ///
  /// `torch.nn.init.orthogonal_` has the same distribution.
  func fillOrthogonally(using random: inout RandomStream) {
    let columns = shape[shape.rank - 1]
    let rows = count / columns
    let (vectorCount, length) = (min(rows, columns), max(rows, columns))
    var vectors = (0..<vectorCount * length).map { _ in Double(random.normal()) }
    orthonormalize(&vectors, count: vectorCount, length: length)
    for vector in 0..<vectorCount {
      for index in 0..<length {
        let place = rows < columns ? vector * columns + index : index * columns + vector
        self[place] = Float(vectors[vector * length + index])
      }
    }
  }
}

/// Makes `count` vectors of `length` numbers, one behind the other, orthonormal, by Gram and
/// Schmidt. Each goes through twice, which is enough (Giraud, Langou and Rozložník, "The loss of
/// orthogonality in the Gram-Schmidt orthogonalization process", 2005).
private func orthonormalize(_ vectors: UnsafeMutablePointer<Double>, count: Int, length: Int) {
  for current in 0..<count {
    let x = vectors + current * length
    for _ in 0..<2 {
      for earlier in 0..<current {
        let q = vectors + earlier * length
        let projection = dot(q, x, length)
        for i in 0..<length { x[i] -= projection * q[i] }
      }
    }
    let norm = dot(x, x, length).squareRoot()
    for i in 0..<length { x[i] /= norm }
  }
}

/// The sum runs in eight lanes, so that it is quick and the same everywhere.
private func dot(
  _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int
) -> Double {
  var lanes = SIMD8<Double>()
  for i in stride(from: 0, to: count - 7, by: 8) {
    let (x, y) = (UnsafeRawPointer(a + i), UnsafeRawPointer(b + i))
    lanes += x.loadUnaligned(as: SIMD8<Double>.self) * y.loadUnaligned(as: SIMD8<Double>.self)
  }
  var sum = 0.0
  for lane in 0..<8 { sum += lanes[lane] }
  for i in count / 8 * 8..<count { sum += a[i] * b[i] }
  return sum
}
