/// The brightness of paper as a plane over a picture, fitted to its border by least squares; what
/// lies far from the plane, as strokes that reach the border do, is left out of the next fit.
struct PaperPlane {
  /// At the picture's upper left corner, and its change along a row and a column.
  private var level = 0.0
  private var alongX = 0.0
  private var alongY = 0.0

  init(borderOf values: [Double], width: Int, height: Int) {
    var places = values.indices.filter {
      let (x, y) = ($0 % width, $0 / width)
      return x == 0 || y == 0 || x == width - 1 || y == height - 1
    }
    for _ in 0..<3 {
      let points = places.map { (x: Double($0 % width), y: Double($0 / width), value: values[$0]) }
      fit(points)
      let distances = places.map { abs(values[$0] - self[$0 % width, $0 / width]) }
      // 1.4826 times the median distance is a normal distribution's deviation.
      let most = 2.5 * (1.4826 * median(distances) + 1)
      let kept = zip(places, distances).filter { $0.1 < most }.map(\.0)
      guard kept.count >= 10 else { return }
      places = kept
    }
  }

  subscript(x: Int, y: Int) -> Double { level + alongX * Double(x) + alongY * Double(y) }

  /// Solves the normal equations around the points' centre.
  private mutating func fit(_ points: [(x: Double, y: Double, value: Double)]) {
    let count = Double(points.count)
    func mean(_ value: ((x: Double, y: Double, value: Double)) -> Double) -> Double {
      points.reduce(0) { $0 + value($1) } / count
    }
    let center = (x: mean { $0.x }, y: mean { $0.y }, value: mean { $0.value })
    let xx = mean { ($0.x - center.x) * ($0.x - center.x) }
    let yy = mean { ($0.y - center.y) * ($0.y - center.y) }
    let xy = mean { ($0.x - center.x) * ($0.y - center.y) }
    let xv = mean { ($0.x - center.x) * ($0.value - center.value) }
    let yv = mean { ($0.y - center.y) * ($0.value - center.value) }
    let determinant = xx * yy - xy * xy
    // Points on a line have no plane; a level must do.
    let isFlat = determinant <= 1e-9 * max(xx, yy) * max(xx, yy)
    alongX = isFlat ? 0 : (xv * yy - yv * xy) / determinant
    alongY = isFlat ? 0 : (yv * xx - xv * xy) / determinant
    level = center.value - alongX * center.x - alongY * center.y
  }
}

/// The middle value, the upper one of two; 0 of none.
func median(_ values: [Double]) -> Double {
  values.isEmpty ? 0 : values.sorted()[values.count / 2]
}
