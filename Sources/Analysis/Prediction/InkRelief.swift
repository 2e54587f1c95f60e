/// The ink of a picture, whatever the light it was taken in.
///
/// Paper is a plane fitted to the border's brightness, so that light from one side does no harm.
/// Ink is what lies beyond the threshold that parts the rest best into two (Nobuyuki Otsu, "A
/// Threshold Selection Method from Gray-Level Histograms", 1979).
struct InkRelief {
  let width: Int
  let height: Int
  /// From 0, paper, to 1, ink.
  let values: [Double]
  /// How far each pixel stands out from the paper.
  private let relief: [Double]
  /// What hangs together.
  let pieces: [InkPiece]

  /// - Parameters:
  ///   - ink: brighter where there is ink, row by row.
  init(_ ink: [Double], width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    let paper = PaperPlane(borderOf: ink, width: width, height: height)
    let relief = ink.indices.map { max(0, ink[$0] - paper[$0 % width, $0 / width]) }
    let parts = OtsuThreshold(relief)
    values = relief.map { parts.share(of: $0) }
    pieces = InkPiece.pieces(of: relief.map { $0 > parts.threshold }, width: width)
    self.relief = relief
  }

  /// How far a piece stands out, on the mean.
  func darkness(of piece: InkPiece) -> Double {
    piece.places.reduce(0) { $0 + relief[$1] } / Double(piece.places.count)
  }
}

/// The threshold that parts values into two groups with the least spread inside them.
struct OtsuThreshold {
  /// What is above it belongs to the upper group.
  let threshold: Double
  /// The groups' means.
  let lower: Double
  let upper: Double

  /// - Parameter values: from 0 to 255, at least one.
  init(_ values: [Double]) {
    var counts = [Int](repeating: 0, count: 256)
    for value in values { counts[Int(min(max(value, 0), 255).rounded())] += 1 }
    let total = Double(values.count)
    let sum = counts.enumerated().reduce(0.0) { $0 + Double($1.offset * $1.element) }
    var best = (between: -1.0, threshold: 0, lower: 0.0, upper: 0.0)
    var (below, belowSum) = (0.0, 0.0)
    for (value, count) in counts.enumerated() where count > 0 {
      below += Double(count)
      belowSum += Double(count * value)
      let above = total - below
      let lower = belowSum / below
      let upper = above > 0 ? (sum - belowSum) / above : lower
      let between = below * above * (upper - lower) * (upper - lower)
      if between > best.between { best = (between, value, lower, upper) }
    }
    (threshold, lower, upper) = (Double(best.threshold) + 0.5, best.lower, best.upper)
  }

  /// 0 at the lower group's mean and below, 1 at the upper one's and above.
  func share(of value: Double) -> Double {
    guard upper > lower else { return 0 }
    return min(max((value - lower) / (upper - lower), 0), 1)
  }
}

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
