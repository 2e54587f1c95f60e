import Support
import Tensor

/// Varies training images on their way from bytes to normalized floats.
///
/// What becomes of an image depends on seed, epoch and the image's number in its set alone: neither
/// the batch it is in nor the thread that fills it changes anything. All that moves pixels is one
/// map, and each pixel is interpolated once.
public final class Augmenter {
  private let limits: Augmentation
  private let seed: UInt64
  private let epochs: Range<Int>
  private let height: Int
  private let width: Int
  private let workspaces: [ResamplingWorkspace]
  private let elasticSheet: ElasticSheet?
  /// Numbers from the standard normal distribution. An image's noise begins at a random one.
  private let noiseTable: Tensor?

  private static let noiseCount = 1 << 16

  /// Prepares everything that costs time or memory.
  ///
  /// - Parameters:
  ///   - epochs: those in which images are varied, from 0.
  ///   - device: the one that batches are filled on.
  public init(
    _ limits: Augmentation, height: Int, width: Int, seed: UInt64, epochs: Range<Int> = 0..<Int.max,
    on device: Device
  ) {
    (self.limits, self.seed, self.epochs) = (limits, seed, epochs)
    (self.height, self.width) = (height, width)
    workspaces = (0..<device.threadCount).map { _ in
      ResamplingWorkspace(height: height, width: width)
    }
    elasticSheet =
      limits.elastic > 0
      ? ElasticSheet(
        sigma: limits.elasticSigma, height: height, width: width, seed: seed, on: device) : nil
    noiseTable = limits.noise > 0 ? Self.normalNumbers(height * width, seed: seed) : nil
  }

  /// A table whose last `overlap` numbers are its first, so that noise may begin anywhere.
  private static func normalNumbers(_ overlap: Int, seed: UInt64) -> Tensor {
    let table = Tensor(zeros: [noiseCount + overlap])
    // No epoch has this number, and the elastic sheet has another one.
    var random = RandomStream(seed: seed, purpose: .augmentation, major: -2)
    for i in 0..<table.count {
      table[i] = i < noiseCount ? random.normal() : table[i - noiseCount]
    }
    return table
  }

  /// Whether images are varied in an epoch, from 0.
  public func isActive(epoch: Int) -> Bool { epochs.contains(epoch) }

  /// Writes an image, varied, as `scale · pixel + shift` into `y`, `[height, width]`.
  ///
  /// - Parameters:
  ///   - image: its number in the set.
  ///   - worker: the thread that calls, one at a time.
  func fill(
    _ pixels: Span<UInt8>, image: Int, epoch: Int, scale: Float, shift: Float,
    worker: Int, on device: Device, into y: Tensor
  ) {
    var random = RandomStream(seed: seed, purpose: .augmentation, major: epoch, minor: image)
    let variation = Variation(limits, using: &random)
    fill(
      pixels, variation, scale: scale, shift: shift, worker: worker, on: device, into: y)
  }

  /// Writes an image as one variation shows it.
  func fill(
    _ pixels: Span<UInt8>, _ variation: Variation, scale: Float, shift: Float,
    worker: Int, on device: Device, into y: Tensor
  ) {
    if variation.movesPixels {
      let displacement =
        variation.elastic > 0
        ? elasticSheet?.displacement(
          window: variation.elasticWindow, amplitude: variation.elastic) : nil
      device.resample(
        pixels, thickness: variation.thickness,
        map: variation.map(height: height, width: width), displacement: displacement,
        scale: scale, shift: shift, in: workspaces[worker], into: y)
    } else {
      device.normalize(pixels, scale: scale, shift: shift, into: y)
    }
    if variation.erasure > 0 { erase(variation, background: shift, y) }
    if variation.noise > 0, let noiseTable {
      let deviation = 255 * scale * variation.noise
      let start = Int(variation.noiseStart) % Self.noiseCount
      device.add(noiseTable, from: start, times: deviation, to: y)
    }
  }

  private func erase(
    _ variation: Variation, background: Float, _ y: Tensor
  ) {
    let (rows, columns) = variation.erased(height: height, width: width)
    for row in rows {
      for column in columns { y[row * width + column] = background }
    }
  }
}

/// Images that cannot be varied.
public enum AugmentationError: UserError, Equatable {
  case imagesTooLarge(height: Int, width: Int)

  public var exitCode: ExitCode { .dataError }
  public var description: String {
    switch self {
    case .imagesTooLarge(let height, let width):
      "images of \(height) x \(width) pixels are too large to be varied, which goes up to 4 million "
        + "pixels; train without augmentation, or make them smaller"
    }
  }
}

extension Augmenter {
  /// Checks that images can be varied.
  ///
  /// - Throws: ``AugmentationError``.
  public static func check(_ images: ImageSet) throws {
    guard ResamplingWorkspace.fits(height: images.height, width: images.width) else {
      throw AugmentationError.imagesTooLarge(height: images.height, width: images.width)
    }
  }
}
