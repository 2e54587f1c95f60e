import Support
import Tensor

/// A square image that strokes are drawn into, as ink from 0 to 1.
struct InkCanvas {
  /// What is fainter than this of 255 becomes 0, as scanners have it.
  private static let faintest: Float = 6

  let side: Int
  private(set) var ink: [Float]

  init(side: Int) {
    self.side = side
    ink = Array(repeating: 0, count: side * side)
  }

  /// Draws a stroke: at each pixel the ink of the nearest part of the line, with an edge one pixel
  /// soft. Pixels that strokes share keep the darker ink, so that crossings do not pile up.
  mutating func draw(_ stroke: InkStroke) {
    let side = side
    var ink = ink.mutableSpan
    for i in 1..<stroke.points.count {
      Segment(
        from: stroke.points[i - 1], to: stroke.points[i],
        radius: stroke.radii[i - 1], endRadius: stroke.radii[i]
      ).draw(into: &ink, side: side)
    }
  }

  /// Gives `share` of each pixel's ink to each neighbour, first in its row, then in its column.
  mutating func blur(share: Float) {
    let side = side
    var ink = ink.mutableSpan
    for row in 0..<side { Self.blur(&ink, from: row * side, stride: 1, count: side, share) }
    for column in 0..<side { Self.blur(&ink, from: column, stride: side, count: side, share) }
  }

  private static func blur(
    _ ink: inout MutableSpan<Float>, from start: Int, stride: Int, count: Int,
    _ share: Float
  ) {
    var before: Float = 0
    for k in 0..<count {
      let here = ink[start + k * stride]
      let after = k + 1 < count ? ink[start + (k + 1) * stride] : 0
      ink[start + k * stride] = here * (1 - 2 * share) + (before + after) * share
      before = here
    }
  }

  /// Writes the ink as bytes: the darkest pixel is given `level` of full ink, each is off by at
  /// most `noise` of itself, more than full ink is 255, and the faintest traces are paper.
  func develop(
    level: Float, noise: Float, using random: inout RandomStream,
    into pixels: inout [UInt8], from first: Int
  ) {
    let full = 255 * level / max(ink.max() ?? 0, 0.05)
    var grain: UInt32 = 0
    var pixels = pixels.mutableSpan
    for i in ink.indices {
      // Four pixels share a random number, a byte each.
      grain = i % 4 == 0 ? random.bits() : grain >> 8
      let error = (Float(grain & 255) / 127.5 - 1) * noise
      let value = ink[i] * full * (1 + error)
      pixels[first + i] = value < Self.faintest ? 0 : UInt8(min(255, value) + 0.5)
    }
  }
}

/// A piece of a stroke between two discs.
private struct Segment {
  let start: SIMD2<Float>
  let along: SIMD2<Float>
  let radius: Float
  let growth: Float
  private let inverseSquare: Float
  private let low: SIMD2<Float>
  private let high: SIMD2<Float>

  init(from start: SIMD2<Float>, to end: SIMD2<Float>, radius: Float, endRadius: Float) {
    self.start = start
    along = end - start
    self.radius = radius
    growth = endRadius - radius
    inverseSquare = 1 / max((along * along).sum(), 1e-6)
    let reach = max(radius, endRadius) + 0.5
    low = pointwiseMin(start, end) - reach
    high = pointwiseMax(start, end) + reach
  }

  func draw(into ink: inout MutableSpan<Float>, side: Int) {
    let bound = Float(side - 1)
    let left = Int(max(0, low.x.rounded(.up)))
    let right = Int(min(bound, high.x.rounded(.down)))
    let top = Int(max(0, low.y.rounded(.up)))
    let bottom = Int(min(bound, high.y.rounded(.down)))
    guard left <= right, top <= bottom else { return }
    for y in top...bottom {
      for x in left...right {
        let i = y * side + x
        let coverage = coverage(at: SIMD2(Float(x), Float(y)))
        if coverage > ink[i] { ink[i] = min(coverage, 1) }
      }
    }
  }

  /// How far inside the stroke's edge, softened to a pixel, `point` lies; below 0 outside.
  private func coverage(at point: SIMD2<Float>) -> Float {
    let offset = point - start
    let t = min(1, max(0, (offset * along).sum() * inverseSquare))
    let reach = radius + growth * t + 0.5
    let gap = offset - along * t
    let square = (gap * gap).sum()
    return square < reach * reach ? reach - square.squareRoot() : 0
  }
}
