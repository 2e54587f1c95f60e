/// A character as the outline of its strokes, on a raster finer than the image that it is drawn into:
/// how far each place lies inside of the outline, or outside. Drawn from that, strokes have the width
/// and the softness that are wanted, whatever pen and camera the picture is from.
struct StrokeOutline {
  /// Places of the raster along a side of a pixel.
  static let fineness = 4
  /// Distances are not told apart beyond this many places.
  private static let reach = 4 * fineness

  private let width: Int
  private let height: Int
  /// In pixels of the image, positive in ink; of the middle of each place.
  private let depths: [Double]

  /// The outline of what is at least a half of `[H · 4, W · 4]` numbers; `nil` of nothing.
  init?(_ ink: [Double], height: Int, width: Int) {
    let (rows, columns) = (height * Self.fineness, width * Self.fineness)
    let isInk = ink.map { $0 >= 0.5 }
    guard isInk.contains(true) else { return nil }
    (self.width, self.height) = (width, height)
    let inside = Self.distances(from: isInk, to: false, rows, columns)
    let outside = Self.distances(from: isInk, to: true, rows, columns)
    // The outline runs between two places, half a place from either.
    depths = zip(inside, outside).map { inside, outside in
      (inside > 0 ? inside - 0.5 : 0.5 - outside) / Double(Self.fineness)
    }
  }

  /// The image, `[H, W]` numbers up to 1, with strokes `2 · growth` pixels wider and edges that take
  /// `ramp` pixels from paper to ink before they are averaged over pixels.
  func drawn(growth: Double, ramp: Double) -> [Double] {
    let fine = Self.fineness
    var image = [Double](repeating: 0, count: height * width)
    for (place, depth) in depths.enumerated() {
      let (row, column) = (place / (width * fine) / fine, place % (width * fine) / fine)
      image[row * width + column] += min(max(0.5 + (depth + growth) / ramp, 0), 1)
    }
    let most = image.max() ?? 0
    return most > 0 ? image.map { $0 / most } : image
  }

  /// How far each place is from the next one that is `value`, at most the reach; 0 for those.
  private static func distances(
    from mask: [Bool], to value: Bool, _ rows: Int, _ columns: Int
  ) -> [Double] {
    let far = reach + 1
    var down = [Int](repeating: far, count: mask.count)
    for column in 0..<columns {
      var distance = far
      for row in 0..<rows {
        let place = row * columns + column
        distance = mask[place] == value ? 0 : min(distance + 1, far)
        down[place] = distance
      }
      distance = far
      for row in (0..<rows).reversed() {
        let place = row * columns + column
        distance = mask[place] == value ? 0 : min(distance + 1, far)
        down[place] = min(down[place], distance)
      }
    }
    return mask.indices.map { place in
      if down[place] == 0 { return 0 }
      let (row, column) = (place / columns * columns, place % columns)
      var least = far * far
      for other in max(0, column - reach)...min(columns - 1, column + reach) {
        let (across, along) = (other - column, down[row + other])
        least = min(least, across * across + along * along)
      }
      return Double(least).squareRoot()
    }
  }
}
