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

extension GrayPicture {
  /// The picture in a frame: as large as fits with its proportions kept, in the middle, and around
  /// it the mean of its own border. A picture of the frame's size is left as it is.
  ///
  /// A pixel of the result is the mean of what it covers, weighed by the covered areas. All sums are
  /// whole numbers, so every machine has the same.
  public func fitted(height frameHeight: Int, width frameWidth: Int) -> GrayPicture {
    if width == frameWidth, height == frameHeight { return self }
    // The tighter of frameWidth / width and frameHeight / height, rounded to whole pixels.
    let isWide = frameWidth * height <= frameHeight * width
    let (across, down) =
      isWide
      ? (frameWidth, max(1, (height * frameWidth + width / 2) / width))
      : (max(1, (width * frameHeight + height / 2) / height), frameHeight)
    let means = averaged(height: down, width: across)
    if across == frameWidth, down == frameHeight {
      return GrayPicture(width: across, height: down, pixels: means)
    }
    var framed = [UInt8](repeating: borderMean, count: frameWidth * frameHeight)
    let (left, top) = ((frameWidth - across) / 2, (frameHeight - down) / 2)
    for row in 0..<down {
      let start = (top + row) * frameWidth + left
      framed.replaceSubrange(
        start..<start + across, with: means[row * across..<(row + 1) * across])
    }
    return GrayPicture(width: frameWidth, height: frameHeight, pixels: framed)
  }

  /// The mean of the outermost pixels.
  public var borderMean: UInt8 {
    var (sum, count) = (0, 0)
    for row in 0..<height {
      let isWhole = row == 0 || row == height - 1
      for column in stride(from: 0, to: width, by: isWhole ? 1 : max(1, width - 1)) {
        sum += Int(pixels[row * width + column])
        count += 1
      }
    }
    return UInt8((sum + count / 2) / count)
  }

  /// The means of the areas that each pixel of another size covers.
  private func averaged(height down: Int, width across: Int) -> [UInt8] {
    // A row at a time: its sums across, weighed into the rows of the result that it lies in.
    var sums = [Int](repeating: 0, count: down * across)
    var line = [Int](repeating: 0, count: across)
    for row in 0..<height {
      for index in line.indices { line[index] = 0 }
      Self.spread(width, over: across) { column, target, weight in
        line[target] += weight * Int(pixels[row * width + column])
      }
      Self.shares(of: row, among: height, over: down) { target, weight in
        for index in 0..<across { sums[target * across + index] += weight * line[index] }
      }
    }
    let area = width * height
    return sums.map { UInt8(($0 + area / 2) / area) }
  }

  private static func spread(
    _ count: Int, over targetCount: Int,
    _ body: (_ index: Int, _ target: Int, _ weight: Int) -> Void
  ) {
    for index in 0..<count {
      shares(of: index, among: count, over: targetCount) { body(index, $0, $1) }
    }
  }

  /// The targets that one of `count` equal pieces lies in, with the lengths that it shares with
  /// each, where the whole is `count · targetCount` long.
  private static func shares(
    of index: Int, among count: Int, over targetCount: Int,
    _ body: (_ target: Int, _ weight: Int) -> Void
  ) {
    let end = (index + 1) * targetCount
    var start = index * targetCount
    while start < end {
      let target = start / count
      let next = min(end, (target + 1) * count)
      body(target, next - start)
      start = next
    }
  }
}
