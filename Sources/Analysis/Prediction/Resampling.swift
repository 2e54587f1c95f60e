import Platform
import Support

/// The weights by which the pixels of a line become those of another: a bicubic filter as wide as
/// the coarser of the two, and a Gaussian blur of the result. Outside the line there is nothing.
///
/// Robert G. Keys, "Cubic convolution interpolation for digital image processing", 1981.
struct Resampling {
  /// For each new pixel its first source pixel and the weights from there.
  private var taps: [(first: Int, weights: [Double])] = []

  /// - Parameters:
  ///   - start: where in the source the first new pixel begins.
  ///   - step: the source pixels of a new one.
  ///   - blur: the deviation of the Gaussian, in new pixels.
  init(count: Int, from source: Int, start: Double, step: Double, blur: Double) {
    let reach = blur > 0 ? Int((3 * blur).rounded(.up)) : 0
    let gauss = (-reach...reach).map { blur > 0 ? exp(-Double($0 * $0) / (2 * blur * blur)) : 1 }
    let total = gauss.reduce(0, +)
    let width = max(step, 1)
    for pixel in 0..<count {
      let middle = start + (Double(pixel) + 0.5) * step
      let spread = 2 * width + Double(reach) * step
      let first = max(0, Int((middle - spread).rounded(.down)))
      let end = min(source, Int((middle + spread).rounded(.up)))
      var weights = [Double](repeating: 0, count: max(0, end - first))
      for (shift, share) in zip(-reach...reach, gauss) {
        Self.add(share / total, at: middle + Double(shift) * step, width, first, to: &weights)
      }
      taps.append((min(first, source), weights))
    }
  }

  /// Adds a bicubic filter around `center`, which sums to `share` with what falls outside.
  private static func add(
    _ share: Double, at center: Double, _ width: Double, _ first: Int, to weights: inout [Double]
  ) {
    let (low, high) = (
      Int((center - 2 * width).rounded(.down)), Int((center + 2 * width).rounded(.up))
    )
    let values = (low..<high).map { cubic((Double($0) + 0.5 - center) / width) }
    let total = values.reduce(0, +)
    for (place, value) in zip(low..<high, values) where weights.indices.contains(place - first) {
      weights[place - first] += share * value / total
    }
  }

  private static func cubic(_ x: Double) -> Double {
    let x = abs(x)
    if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0
  }

  /// Resamples every row of a picture.
  func rows(_ values: [Double], width: Int) -> [Double] {
    stride(from: 0, to: values.count, by: width).flatMap { row in
      taps.map { tap in
        tap.weights.indices.reduce(0.0) { $0 + tap.weights[$1] * values[row + tap.first + $1] }
      }
    }
  }

  /// Resamples every column of a picture.
  func columns(_ values: [Double], width: Int) -> [Double] {
    taps.flatMap { tap in
      (0..<width).map { column in
        tap.weights.indices.reduce(0.0) {
          $0 + tap.weights[$1] * values[(tap.first + $1) * width + column]
        }
      }
    }
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
