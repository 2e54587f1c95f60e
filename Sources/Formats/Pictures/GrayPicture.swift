/// A grey picture in memory.
public struct GrayPicture: Equatable, Sendable {
  public let width: Int
  public let height: Int
  /// Row by row from the top, 0 is black.
  public let pixels: [UInt8]

  /// The most pixels that a picture may have, 8192 × 8192.
  static let mostPixels = 1 << 26

  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(
      width > 0 && height > 0 && pixels.count == width * height,
      "\(pixels.count) pixels are not a picture of \(width) × \(height)")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// A picture with transparency, laid on white paper; on black if white would leave nothing to
  /// see, as of white ink.
  init(width: Int, height: Int, pixels: [UInt8], alpha: [UInt8]) {
    func laid(on paper: Int) -> [UInt8] {
      pixels.indices.map { index in
        let (gray, opacity) = (Int(pixels[index]), Int(alpha[index]))
        return UInt8((gray * opacity + paper * (255 - opacity) + 127) / 255)
      }
    }
    let onWhite = laid(on: 255)
    let hasInk = onWhite.contains { $0 != onWhite[0] }
    self.init(width: width, height: height, pixels: hasInk ? onWhite : laid(on: 0))
  }

  /// The grey of a colour, as ITU-R BT.601 weighs it, in Pillow's whole numbers.
  public static func luminance(_ red: Int, _ green: Int, _ blue: Int) -> UInt8 {
    let sum: Int = red * 19_595 + green * 38_470 + blue * 7471 + 0x8000
    return UInt8(sum >> 16)
  }

  /// The means of squares of pixels, as large as it takes for no side to be longer than `most`.
  public func shrunk(to most: Int) -> GrayPicture {
    let factor = (max(width, height) + most - 1) / most
    guard factor > 1 else { return self }
    let (columns, rows) = (max(1, width / factor), max(1, height / factor))
    let (acrossCount, downCount) = (min(factor, width), min(factor, height))
    var means = [UInt8](repeating: 0, count: columns * rows)
    for row in 0..<rows {
      for column in 0..<columns {
        var sum = 0
        for y in row * factor..<row * factor + downCount {
          for x in column * factor..<column * factor + acrossCount {
            sum += Int(pixels[y * width + x])
          }
        }
        means[row * columns + column] = UInt8(sum / (acrossCount * downCount))
      }
    }
    return GrayPicture(width: columns, height: rows, pixels: means)
  }
}
