import Support
import Tensor

/// A large field of smooth random displacements, of which each image uses a window of its own.
///
/// Smoothing a field for each image would cost more than the training step. The sheet repeats
/// itself in both directions, so that any of its pixels can be a window's corner; a window may also
/// be reversed along each axis of displacement, and its axes exchanged. With a sigma of 4 pixels,
/// that is as good as some ten thousand fields.
final class ElasticSheet {
  /// Displacements along x and along y in pixels, `[2, side + height, stride]`.
  private let sheet: Tensor
  private let stride: Int

  private static let side = 256

  /// A sheet for images of `height` × `width` pixels: uniform numbers from -1 to 1, smoothed by a
  /// Gaussian whose standard deviation is `sigma` pixels.
  init(sigma: Double, height: Int, width: Int, seed: UInt64, on device: Device) {
    let side = Self.side
    // A vector more than a window needs, as resampling demands.
    stride = side + width + 16
    sheet = Tensor(zeros: [2, side + height, stride])
    let smoothing = Self.smoothing(sigma)
    let (noise, half, field) = (
      Tensor(zeros: [side, side]), Tensor(zeros: [side, side]), Tensor(zeros: [side, side])
    )
    // No epoch has this number.
    var random = RandomStream(seed: seed, purpose: .augmentation, major: -1)
    for axis in 0..<2 {
      for i in 0..<noise.count { noise[i] = random.uniform(-1...1) }
      device.matmul(smoothing, noise, into: half)
      device.matmul(half, smoothing, into: field)
      let plane = sheet.items(from: axis, count: 1)
      for row in 0..<side + height {
        for column in 0..<stride {
          plane[row * stride + column] = field[row % side * side + column % side]
        }
      }
    }
  }

  /// The matrix that smooths the columns of a field that repeats itself: every row holds the
  /// Gaussian around its own number. It is symmetric, so from the right it smooths the rows.
  private static func smoothing(_ sigma: Double) -> Tensor {
    let weights = (0..<side).map { step in
      let distance = Double(min(step, side - step))
      return exponential(-distance * distance / (2 * sigma * sigma))
    }
    let sum = weights.reduce(0, +)
    let matrix = Tensor(zeros: [side, side])
    for i in 0..<matrix.count {
      let step = abs(i / side - i % side)
      matrix[i] = Float(weights[step] / sum)
    }
    return matrix
  }

  /// The displacement that a random number stands for, times `amplitude`.
  func displacement(window: UInt32, amplitude: Float) -> Displacement {
    let (column, row) = (Int(window & 255), Int(window >> 8 & 255))
    let offset = row * stride + column
    let (first, second) = (offset, sheet.count / 2 + offset)
    let isExchanged = window >> 16 & 1 == 1
    return Displacement(
      field: sheet, x: isExchanged ? second : first, y: isExchanged ? first : second,
      stride: stride,
      amplitude: amplitude
        * SIMD2(window >> 17 & 1 == 1 ? -1 : 1, window >> 18 & 1 == 1 ? -1 : 1))
  }
}
