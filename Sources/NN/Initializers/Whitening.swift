import Support
import Tensor

extension Model {
  /// Makes the filters of the first convolution whiten the patches of `images`: half of them are
  /// the eigenvectors of the patches' matrix of second moments, divided by the root of their
  /// eigenvalue, the largest first; the other half are their negatives, so that nothing is lost
  /// behind a ReLU. Filters beyond twice the numbers of a patch stay as they are.
  ///
  /// As in airbench (Jordan, "94% on CIFAR-10 in 3.29 seconds on a single A100", 2024), which keeps
  /// these filters, where here they learn like all others.
  ///
  /// - Parameters:
  ///   - images: `[N, H, W, C]`, as the model sees them.
  ///   - epsilon: added to the eigenvalues.
  /// - Throws: ``ModelError/nothingToWhiten(model:)`` if no convolution sees the images themselves.
  public func whitenFirstConvolution(_ images: Tensor, epsilon: Double = 5e-4) throws {
    let weighted = layers.first { !$0.parameters.isEmpty }
    guard let layer = weighted, layer.inputShape == inputShape,
      let weight = layer.parameters.first, weight.layout == .convolution
    else { throw ModelError.nothingToWhiten(model: description.name) }
    let moments = patchMoments(images, kernelSize: weight.value.shape[0])
    let (values, vectors) = eigen(of: moments)
    let (filters, length) = (weight.value.shape[3], values.count)
    let pairs = min(length, filters / 2)
    for pair in 0..<pairs {
      let factor = 1 / (max(0, values[pair]) + epsilon).squareRoot()
      for index in 0..<length {
        let value = Float(vectors[pair][index] * factor)
        weight.value[index * filters + pair] = value
        weight.value[index * filters + pairs + pair] = -value
      }
    }
  }
}

/// The mean of the products of any two numbers of a patch, over all patches of the images. A patch
/// is in the order row, column, channel.
func patchMoments(_ images: Tensor, kernelSize: Int) -> [[Double]] {
  let (count, height, width) = (images.shape[0], images.shape[1], images.shape[2])
  let (line, row) = (width * images.shape[3], kernelSize * images.shape[3])
  let length = kernelSize * row
  var sums = [Double](repeating: 0, count: length * length)
  var patch = [Double](repeating: 0, count: length)
  var patches = 0.0
  for image in 0..<count {
    for y in 0...height - kernelSize {
      for x in 0...width - kernelSize {
        let corner = (image * height + y) * line + x * images.shape[3]
        for i in 0..<length { patch[i] = Double(images[corner + i / row * line + i % row]) }
        addProducts(patch, to: &sums)
        patches += 1
      }
    }
  }
  return (0..<length).map { a in
    (0..<length).map { b in sums[max(a, b) * length + min(a, b)] / patches }
  }
}

/// Adds to the lower triangle of `sums`.
private func addProducts(_ patch: [Double], to sums: inout [Double]) {
  let patch = patch.span
  var sums = sums.mutableSpan
  for a in patch.indices {
    for b in 0...a { sums[a * patch.count + b] += patch[a] * patch[b] }
  }
}

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
