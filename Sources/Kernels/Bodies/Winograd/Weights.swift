// Weights of 3 x 3 at the 36 points, and the way back for their gradient. Lanes run over filters.

/// Where the weights of a convolution lie, and what they are at the points.
@frozen public struct WinogradWeights {
  /// Tap `(r, s)` of row `i` begins at `(3 r + s) * tapStep + i * rowStep`.
  public var taps: Target
  public var tapStep: Int
  public var rowStep: Int
  /// Rows, and floats of a row: a multiple of 16.
  public var rows: Int
  public var width: Int
  /// Point `p` of row `i` begins at `p * pointStep + i * pointRowStep`.
  public var points: Target
  public var pointStep: Int
  public var pointRowStep: Int

  @inlinable
  public init(
    taps: Target, tapStep: Int, rowStep: Int, rows: Int, width: Int, points: Target,
    pointStep: Int, pointRowStep: Int
  ) {
    self.taps = taps
    self.tapStep = tapStep
    self.rowStep = rowStep
    self.rows = rows
    self.width = width
    self.points = points
    self.pointStep = pointStep
    self.pointRowStep = pointRowStep
  }

  @inlinable @inline(__always)
  func tap(_ r: Int, _ s: Int, _ row: Int) -> Target {
    taps + (3 * r + s) * tapStep + row * rowStep
  }

  @inlinable @inline(__always)
  func point(_ i: Int, _ j: Int, _ row: Int) -> Target {
    points + (6 * i + j) * pointStep + row * pointRowStep
  }
}

extension Kernels {
  /// `G g Gᵀ`, a row of points at a time: six streams are written, not 36.
  @inlinable @inline(__always)
  public static func winogradWeights(_ pointer: UnsafePointer<WinogradWeights>) {
    let t = pointer.pointee
    for i in 0..<6 {
      let (f0, f1, f2) = winogradFactors(i)
      for row in 0..<t.rows {
        for lane in stride(from: 0, to: t.width, by: 16) {
          let column = { (s: Int) -> Wide in
            Self.multiplyAdd(
              all(f2), load(t.tap(2, s, row) + lane),
              Self.multiplyAdd(
                all(f1), load(t.tap(1, s, row) + lane), all(f0) * load(t.tap(0, s, row) + lane)))
          }
          KernelBodies.winogradWeights(Self.self, column(0), column(1), column(2)) {
            store($1, t.point(i, $0, row) + lane)
          }
        }
      }
    }
  }

  /// `Gᵀ t G`: the gradient of the weights.
  ///
  /// - Parameter room: 18 vectors of 16 floats.
  @inlinable @inline(__always)
  public static func winogradWeightGradient(
    _ pointer: UnsafePointer<WinogradWeights>, room: Target
  ) {
    let t = pointer.pointee
    for row in 0..<t.rows {
      for lane in stride(from: 0, to: t.width, by: 16) {
        for j in 0..<6 {
          KernelBodies.winogradWeightGradient(
            Self.self, { load(t.point($0, j, row) + lane) },
            { store($1, room + (6 * $0 + j) * 16) })
        }
        for r in 0..<3 {
          KernelBodies.winogradWeightGradient(
            Self.self, { load(room + (6 * r + $0) * 16) },
            { store($1, t.tap(r, $0, row) + lane) })
        }
      }
    }
  }
}
