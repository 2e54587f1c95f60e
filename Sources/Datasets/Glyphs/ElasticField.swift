import Support
import Tensor

/// A smooth random displacement of the plane: a uniform quadratic B-spline over 4 × 4 control
/// vectors, spread over the square from -0.5 to 0.5 and clamped outside.
///
/// Made of additions and multiplications only, so that every machine finds the same bits.
struct ElasticField {
  private var control: [SIMD2<Float>] = []
  private static let side = 4

  /// A field whose displacements are at most `amplitude` along each axis.
  init(amplitude: Float, using random: inout RandomStream) {
    control.reserveCapacity(Self.side * Self.side)
    for _ in 0..<Self.side * Self.side {
      control.append(
        SIMD2(
          random.uniform(-amplitude...amplitude), random.uniform(-amplitude...amplitude)))
    }
  }

  /// Where `point` goes.
  func displaced(_ point: SIMD2<Float>) -> SIMD2<Float> {
    // Two spans of the spline an axis: position 0 to 2.
    let position = ((point + 0.5) * 2).clamped(
      lowerBound: SIMD2(repeating: 0), upperBound: SIMD2(repeating: 1.999_999))
    let column = Int(position.x)
    let row = Int(position.y)
    let wx = Self.weights(position.x - Float(column))
    let wy = Self.weights(position.y - Float(row))
    var sum = SIMD2<Float>()
    for r in 0..<3 {
      for c in 0..<3 { sum += control[(row + r) * Self.side + column + c] * (wx[c] * wy[r]) }
    }
    return point + sum
  }

  /// The three weights of a quadratic B-spline at fraction `t` of a span; they sum to 1.
  private static func weights(_ t: Float) -> SIMD4<Float> {
    SIMD4((1 - t) * (1 - t) / 2, 0.5 + t - t * t, t * t / 2, 0)
  }
}
