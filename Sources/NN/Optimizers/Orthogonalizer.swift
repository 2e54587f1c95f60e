import Tensor

/// Replaces the singular values of matrices by values near one: five steps of a Newton-Schulz
/// iteration, `X ← a X + (b X Xᵀ + c (X Xᵀ)²) X`, in buffers that are made once for all of them.
///
/// The coefficients make small singular values grow as quickly as possible, at the price of ending
/// between about 0.7 and 1.2 rather than at one: Jordan and others, "Muon: an optimizer for hidden
/// layers in neural networks", 2024.
final class Orthogonalizer {
  private static let (a, b, c): (Float, Float, Float) = (3.4445, -4.7750, 2.0315)
  private static let steps = 5
  /// The least norm that is divided by.
  private static let epsilon = 1e-7

  private let x: Tensor
  private let product: Tensor
  private let gram: Tensor
  private let square: Tensor

  /// For tensors of these shapes; all but the innermost extent count as rows.
  init(_ shapes: [Shape]) {
    let largest = shapes.map(\.count).max() ?? 0
    let sides = shapes.map { min($0[$0.rank - 1], $0.count / max(1, $0[$0.rank - 1])) }
    let side = sides.max() ?? 0
    x = Tensor(zeros: [largest])
    product = Tensor(zeros: [largest])
    gram = Tensor(zeros: [side * side])
    square = Tensor(zeros: [side * side])
  }

  /// The matrix with other singular values, valid until the next call.
  func orthogonalize(
    _ matrix: Tensor, on device: Device
  ) -> (values: Tensor, rows: Int, columns: Int) {
    let columns = matrix.shape[matrix.shape.rank - 1]
    let rows = matrix.count / columns
    let norm = max(device.sumOfSquares(matrix).squareRoot(), Self.epsilon)
    let shape = Shape(rows: rows, columns: columns)
    var (x, next) = (self.x.prefix(shape), product.prefix(shape))
    device.blend(matrix, factor: Float(1 / norm), into: x, rest: 0)
    for _ in 0..<Self.steps {
      improve(x, isTall: rows > columns, into: next, on: device)
      swap(&x, &next)
    }
    return (x, rows, columns)
  }

  /// One step, with the smaller of the two products of the matrix and its transpose.
  private func improve(_ x: Tensor, isTall: Bool, into y: Tensor, on device: Device) {
    let side = min(x.shape[0], x.shape[1])
    let (gram, factor) = (
      self.gram.prefix(Shape(rows: side, columns: side)),
      square.prefix(Shape(rows: side, columns: side))
    )
    device.matmul(x, x, transposingA: isTall, transposingB: !isTall, into: gram)
    device.matmul(gram, gram, into: factor)
    device.blend(gram, factor: Self.b, into: factor, rest: Self.c)
    for i in 0..<side { factor[i * side + i] += Self.a }
    if isTall {
      device.matmul(x, factor, into: y)
    } else {
      device.matmul(factor, x, into: y)
    }
  }
}
