/// What pixels were normalized with in training, and must be in every later use of the model.
public struct Normalization: Equatable, Sendable {
  /// Of pixels divided by 255.
  public let mean: Double
  public let standardDeviation: Double

  public init(mean: Double, standardDeviation: Double) {
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// The normalization to mean 0 and standard deviation 1 over a selection. Images without any
  /// variation are only shifted.
  public init(of selection: Selection) {
    let (mean, deviation) = selection.pixelMoments()
    self.init(mean: mean, standardDeviation: deviation > 0 ? deviation : 1)
  }
}

extension Selection {
  /// The mean and the standard deviation of all pixels on a scale from 0 to 1; the deviation is the
  /// whole population's: the mean square difference, rooted.
  ///
  /// Sums are whole numbers, so nothing is lost and no order of adding matters. An empty selection
  /// has mean 0 and deviation 0.
  public func pixelMoments() -> (mean: Double, standardDeviation: Double) {
    let size = images.imageSize
    var (sum, squares): (UInt64, UInt64) = (0, 0)
    let pixels = images.pixels.span
    for index in indices {
      let start = Int(index) * size
      let (imageSum, imageSquares) = sums(pixels.extracting(start..<start + size))
      sum += imageSum
      squares += imageSquares
    }
    let count = UInt64(self.count * size)
    guard count > 0 else { return (0, 0) }
    // n² · variance = n · Σx² − (Σx)², exact in 128 bits.
    let scaled = UInt128(count) * UInt128(squares) - UInt128(sum) * UInt128(sum)
    return (Double(sum) / Double(count) / 255, Double(scaled).squareRoot() / Double(count) / 255)
  }
}

/// The sums of pixels and of their squares.
private func sums(_ image: Span<UInt8>) -> (sum: UInt64, squares: UInt64) {
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
