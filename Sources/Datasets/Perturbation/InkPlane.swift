import Support

/// The ink of one image as numbers from 0, the background, to 1; outside of the image there is none.
struct InkPlane: Equatable {
  let height: Int
  let width: Int
  /// `[H, W]`
  var values: [Double]

  init(height: Int, width: Int, values: [Double]) {
    precondition(values.count == height * width, "InkPlane: \(values.count) values")
    (self.height, self.width, self.values) = (height, width, values)
  }

  /// - Parameter isInkDark: whether a pixel of 255 is background.
  init(height: Int, width: Int, pixels: ArraySlice<UInt8>, isInkDark: Bool) {
    self.init(
      height: height, width: width,
      values: pixels.map { Double(isInkDark ? 255 - $0 : $0) / 255 })
  }

  /// The pixels, rounded to whole numbers; what is beyond black and white is black or white.
  func pixels(isInkDark: Bool) -> [UInt8] {
    values.map { value in
      let byte = UInt8((min(max(value, 0), 1) * 255).rounded())
      return isInkDark ? 255 - byte : byte
    }
  }

  func value(_ row: Int, _ column: Int) -> Double {
    guard (0..<height).contains(row), (0..<width).contains(column) else { return 0 }
    return values[row * width + column]
  }

  /// The plane whose value at each place `value` gives.
  func map(_ value: (_ row: Int, _ column: Int) -> Double) -> InkPlane {
    var result = self
    for row in 0..<height {
      for column in 0..<width { result.values[row * width + column] = value(row, column) }
    }
    return result
  }
}

// What moves ink.
extension InkPlane {
  /// Moved by whole pixels to the right and down; what leaves the image is lost.
  func shifted(right: Int, down: Int) -> InkPlane {
    map { value($0 - down, $1 - right) }
  }

  /// Turned clockwise about the middle of the image by so many degrees.
  func turned(by degrees: Double) -> InkPlane {
    let angle = degrees * .pi / 180
    let (c, s) = (cosine(angle), sine(angle))
    return interpolated { x, y in (c * x + s * y, c * y - s * x) }
  }

  /// Grown about the middle of the image by a factor above 0.
  func grown(by factor: Double) -> InkPlane {
    interpolated { x, y in (x / factor, y / factor) }
  }

  /// Every pixel shows the place in this plane that `source` gives, both in pixels to the right of the
  /// middle and below it, by bilinear interpolation.
  private func interpolated(
    from source: (_ x: Double, _ y: Double) -> (x: Double, y: Double)
  ) -> InkPlane {
    let (middleX, middleY) = (Double(width - 1) / 2, Double(height - 1) / 2)
    return map { row, column in
      let place = source(Double(column) - middleX, Double(row) - middleY)
      let (x, y) = (place.x + middleX, place.y + middleY)
      let (left, top) = (x.rounded(.down), y.rounded(.down))
      let (shareX, shareY) = (x - left, y - top)
      let (c, r) = (Int(left), Int(top))
      let upper = (1 - shareX) * value(r, c) + shareX * value(r, c + 1)
      let lower = (1 - shareX) * value(r + 1, c) + shareX * value(r + 1, c + 1)
      return (1 - shareY) * upper + shareY * lower
    }
  }
}
