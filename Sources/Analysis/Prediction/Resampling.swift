import Support

/// The weights by which the pixels of a line become those of another: a bicubic filter as wide as
/// the coarser of the two. Outside the line there is nothing.
///
/// Robert G. Keys, "Cubic convolution interpolation for digital image processing", 1981.
struct Resampling {
  /// For each new pixel its first source pixel and the weights from there.
  private var taps: [(first: Int, weights: [Double])] = []

  /// - Parameters:
  ///   - start: where in the source the first new pixel begins.
  ///   - step: the source pixels of a new one.
  init(count: Int, from source: Int, start: Double, step: Double) {
    let width = max(step, 1)
    for pixel in 0..<count {
      let middle = start + (Double(pixel) + 0.5) * step
      let low = Int((middle - 2 * width).rounded(.down))
      let high = Int((middle + 2 * width).rounded(.up))
      let values = (low..<high).map { Self.cubic((Double($0) + 0.5 - middle) / width) }
      let total = values.reduce(0, +)
      // What falls outside is lost.
      let first = min(max(low, 0), source)
      let end = max(first, min(high, source))
      taps.append((first, (first..<end).map { values[$0 - low] / total }))
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
