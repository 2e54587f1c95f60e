import Tensor

/// What a result should be, in double precision, and how large the terms were that it was summed
/// from.
///
/// A float sum of terms `t` has an error of at most about `n · 2^-24 · Σ |t|`, so the sum of the
/// magnitudes is what an error is measured against, however much of the sum cancels (Higham,
/// "Accuracy and Stability of Numerical Algorithms", 2002, section 3.1).
public struct Reference: Sendable {
  public let shape: Shape
  public var values: [Double]
  /// `Σ |t|` for each value; the value's own size where nothing is summed.
  public var magnitudes: [Double]

  /// Zeros.
  public init(zeros shape: Shape) {
    self.shape = shape
    values = [Double](repeating: 0, count: shape.count)
    magnitudes = values
  }

  /// Values that are no sums.
  public init(_ values: [Double], shape: Shape) {
    precondition(values.count == shape.count, "\(values.count) values do not fill \(shape)")
    self.shape = shape
    self.values = values
    magnitudes = values.map(abs)
  }

  /// The exact values of a tensor.
  public init(_ tensor: Tensor) { self.init(tensor.values.map(Double.init), shape: tensor.shape) }

  /// Adds a term to the value at `index`.
  @inline(__always)
  public mutating func add(_ term: Double, at index: Int) {
    values[index] += term
    magnitudes[index] += abs(term)
  }

  /// Replaces negative values by zero.
  public mutating func rectify() {
    for index in values.indices where values[index] < 0 { values[index] = 0 }
  }

  /// The innermost extent as columns, the product of the others as rows.
  public var columns: Int { shape.rank == 0 ? 1 : shape[shape.rank - 1] }
  public var rows: Int { shape.array.dropLast().reduce(1, *) }
}
