import Datasets

/// By how many pixels an image is moved; what comes in from outside is background.
public struct PixelShift: Equatable, Sendable {
  public let right: Int
  public let down: Int

  public init(right: Int, down: Int) {
    self.right = right
    self.down = down
  }

  /// As it is, and by one pixel in each of the four directions.
  public static let cross = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)].map {
    PixelShift(right: $0.0, down: $0.1)
  }
}

extension Selection {
  /// The images at these positions, moved.
  func shifted(_ positions: Range<Int>, by shift: PixelShift) -> ImageSet {
    let (height, width) = (images.height, images.width)
    var pixels = [UInt8](repeating: 0, count: positions.count * images.imageSize)
    for (number, position) in positions.enumerated() {
      let (from, to) = (Int(indices[position]) * images.imageSize, number * images.imageSize)
      for y in 0..<height where (0..<height).contains(y - shift.down) {
        for x in 0..<width where (0..<width).contains(x - shift.right) {
          pixels[to + y * width + x] =
            images.pixels[from + (y - shift.down) * width + x - shift.right]
        }
      }
    }
    return ImageSet(
      height: height, width: width, pixels: pixels, labels: positions.map(label(at:)))
  }
}
