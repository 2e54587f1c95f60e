/// The mean and the standard deviation of pixels on a scale from 0 to 1.
public struct Statistics: Sendable, Equatable {
  public let mean: Double
  /// Of the whole population: the mean square difference, rooted.
  public let standardDeviation: Double

  public init(mean: Double, standardDeviation: Double) {
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// Of all pixels of a selection. Sums are whole numbers, so nothing is lost and no order of
  /// adding matters. An empty selection has mean 0 and deviation 0.
  public init(of selection: Selection) {
    let size = selection.images.imageSize
    var (sum, squares): (UInt64, UInt64) = (0, 0)
    let pixels = selection.images.pixels.span
    for index in selection.indices {
      let start = Int(index) * size
      let (imageSum, imageSquares) = Self.sums(pixels.extracting(start..<start + size))
      sum += imageSum
      squares += imageSquares
    }
    let count = UInt64(selection.count * size)
    guard count > 0 else {
      self.init(mean: 0, standardDeviation: 0)
      return
    }
    // n² · variance = n · Σx² − (Σx)², exact in 128 bits.
    let scaled = UInt128(count) * UInt128(squares) - UInt128(sum) * UInt128(sum)
    self.init(
      mean: Double(sum) / Double(count) / 255,
      standardDeviation: Double(scaled).squareRoot() / Double(count) / 255)
  }

  private static func sums(_ image: Span<UInt8>) -> (sum: UInt64, squares: UInt64) {
    var (sum, squares): (UInt64, UInt64) = (0, 0)
    for start in stride(from: 0, to: image.count, by: 1 << 16) {
      // 2^16 squares of at most 255² fit 32 bits, which the lanes of a vector have.
      var (partial, partialSquares): (UInt32, UInt32) = (0, 0)
      for place in start..<min(start + 1 << 16, image.count) {
        let pixel = UInt32(image[place])
        partial &+= pixel
        partialSquares &+= pixel &* pixel
      }
      sum += UInt64(partial)
      squares += UInt64(partialSquares)
    }
    return (sum, squares)
  }
}
