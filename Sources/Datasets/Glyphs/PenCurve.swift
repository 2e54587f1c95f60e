/// Turns a stroke's nodes into a fine polyline.
///
/// Between corners the curve is a cubic Hermite spline whose slope at a node is that of the
/// parabola through it and its neighbours, parametrized by chord length, which neither overshoots
/// nor loops where nodes are unevenly spaced.
enum PenCurve {
  /// The length of a step of the polyline: about a pixel of a glyph of 23 pixels.
  static let step: Float = 1 / 22

  /// The polyline through `nodes`, in steps of about `step`.
  static func polyline(_ nodes: [GlyphSkeleton.Node]) -> [SIMD2<Float>] {
    var line = [nodes[0].point]
    line.reserveCapacity(96)
    var start = 0
    for end in 1..<nodes.count where nodes[end].isCorner || end == nodes.count - 1 {
      appendRun(nodes[start...end], to: &line)
      start = end
    }
    return line
  }

  private static func appendRun(
    _ run: ArraySlice<GlyphSkeleton.Node>, to line: inout [SIMD2<Float>]
  ) {
    var slope = slope(at: run.startIndex, of: run)
    for i in run.indices.dropLast() {
      let next = self.slope(at: i + 1, of: run)
      appendPiece(run[i].point, slope, run[i + 1].point, next, to: &line)
      slope = next
    }
  }

  /// The curve's derivative by chord length at node `i`.
  private static func slope(at i: Int, of run: ArraySlice<GlyphSkeleton.Node>) -> SIMD2<Float> {
    let first = run.startIndex
    let last = run.endIndex - 1
    if last - first == 1 { return direction(run[first].point, run[last].point).slope }
    let middle = min(max(i, first + 1), last - 1)
    let (before, h0) = direction(run[middle - 1].point, run[middle].point)
    let (after, h1) = direction(run[middle].point, run[middle + 1].point)
    let slope = (before * h1 + after * h0) / (h0 + h1)
    if i < middle { return 2 * before - slope }
    if i > middle { return 2 * after - slope }
    return slope
  }

  private static func direction(
    _ a: SIMD2<Float>, _ b: SIMD2<Float>
  ) -> (slope: SIMD2<Float>, chord: Float) {
    let chord = max((b - a).length, 1e-3)
    return ((b - a) / chord, chord)
  }

  /// Appends the cubic from `p` (without it) to `q`, with the slopes `u` and `v` there.
  private static func appendPiece(
    _ p: SIMD2<Float>, _ u: SIMD2<Float>, _ q: SIMD2<Float>, _ v: SIMD2<Float>,
    to line: inout [SIMD2<Float>]
  ) {
    let chord = (q - p).length
    let count = max(1, Int((chord / step).rounded(.up)))
    for k in 1...count {
      let t = Float(k) / Float(count)
      let s = 1 - t
      let ends = p * (s * s * (1 + 2 * t)) + q * (t * t * (3 - 2 * t))
      let bends = (u * s - v * t) * (chord * s * t)
      line.append(ends + bends)
    }
  }

  /// Rounds a polyline's corners: `times` times, every inner point moves half-way to the middle of
  /// its neighbours.
  static func smooth(_ line: inout [SIMD2<Float>], times: Int) {
    guard line.count > 2 else { return }
    for _ in 0..<times {
      var before = line[0]
      for i in 1..<line.count - 1 {
        let here = line[i]
        line[i] = here / 2 + (before + line[i + 1]) / 4
        before = here
      }
    }
  }
}

extension SIMD2<Float> {
  /// The Euclidean length.
  var length: Float { (self * self).sum().squareRoot() }
}
