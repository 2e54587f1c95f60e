import Configuration
import Datasets
import Tensor

/// Training images as the epochs will show them, for a person to look at.
public struct AugmentationPreview {
  private let images: ImageSet
  private let augmenter: Augmenter?
  private let device = Device(threads: 1)

  /// A preview of what a training with this seed will see.
  public init(_ images: ImageSet, _ options: AugmentationOptions, seed: UInt64) {
    self.images = images
    augmenter = options.augmenter(for: images, seed: seed, epochs: .max >> 32, on: device)
  }

  /// The image of this number, and what becomes of it in epochs 0, 1 and so on: `count` pictures.
  public func pictures(of image: Int, count: Int) -> [[UInt8]] {
    // Pixels stay on their scale from 0 to 255.
    let batches = Batches(
      Selection(images, indices: [Int32(image)]),
      normalizedBy: Normalization(mean: 0, standardDeviation: 1 / 255), augmenter: augmenter)
    let input = Tensor(zeros: [1, images.height, images.width, 1])
    var labels: [UInt16] = [0]
    let varied = (0..<max(0, count - 1)).map { epoch in
      batches.fill(0..<1, epoch: epoch, input: input, labels: &labels, on: device)
      return input.values.map { UInt8(min(max($0, 0), 255).rounded()) }
    }
    return [images.image(image)] + varied
  }
}
