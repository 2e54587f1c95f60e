import Configuration
import Datasets
import Support
import Tensor

/// The filling of a batch with images of 28 × 28 pixels that a policy varies.
struct AugmentationCase {
  let policy: AugmentationPolicy
  let batch: Int

  /// Every policy, from images that stay as they are to those that vary most.
  static func all(batch: Int) -> [AugmentationCase] {
    AugmentationPolicy.allCases.map { AugmentationCase(policy: $0, batch: batch) }
  }

  func prepared(on device: Device) -> BenchmarkCase {
    let filling = Filling(self, on: device)
    return BenchmarkCase(
      subject: BenchmarkSubject(
        group: .augmentation, name: policy.rawValue, variant: "", batch: batch,
        threads: device.threadCount, operations: 0),
      check: { try check(on: device) },
      run: filling.run)
  }

  /// Compares with what one thread with portable instructions makes of the same images.
  private func check(on device: Device) throws {
    let reference = Filling(self, on: Device(level: .portable, threads: 1))
    let filling = Filling(self, on: device)
    reference.run()
    filling.run()
    // Pixels are from 0 to 1, and differ by the rounding of places in the image.
    try checkElements(of: filling.input, "augmentation \(policy.rawValue)", within: 1e-4) {
      reference.input[$0]
    }
  }
}

/// Fills the same batch again and again, as epoch after epoch would.
private final class Filling {
  let input: Tensor
  private let batches: Batches
  private let device: Device
  private var labels: [UInt16]
  private var epoch = 0

  init(_ item: AugmentationCase, on device: Device) {
    self.device = device
    labels = [UInt16](repeating: 0, count: item.batch)
    input = Tensor(zeros: [item.batch, 28, 28, 1])
    var random = RandomStream(seed: 1, purpose: .testing)
    let pixels = (0..<input.count).map { _ in UInt8(random.below(256)) }
    var options = AugmentationOptions()
    options.policy = item.policy
    let images = ImageSet(height: 28, width: 28, pixels: pixels, labels: labels)
    batches = Batches(
      Selection(images), normalizedBy: Normalization(mean: 0, standardDeviation: 1),
      augmenter: options.augmenter(for: images, seed: 1, epochs: .max >> 32, on: device))
  }

  func run() {
    batches.fill(0..<labels.count, epoch: epoch, input: input, labels: &labels, on: device)
    epoch = (epoch + 1) & 0xFFFF
  }
}
