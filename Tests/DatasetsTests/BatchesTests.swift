import Tensor
import Testing

@testable import Datasets

@Suite struct BatchesTests {
  /// 40 images of 2 × 3 pixels; every pixel of image `i` is `i`, as is its label.
  private let images = ImageSet(
    height: 2, width: 3, pixels: (0..<40).flatMap { [UInt8](repeating: $0, count: 6) },
    labels: Array(0..<40))
  /// `(p / 255 − 0) / (1 / 255)`: pixels stay what they are.
  private let unchanged = Normalization(mean: 0, standardDeviation: 1 / 255)

  /// The labels of all images in batches of `size`, after checking that images and labels agree.
  private func labels(of batches: Batches, size: Int = 7, threads: Int = 1) -> [UInt16] {
    let device = Device(threads: threads)
    var (all, labels): ([UInt16], [UInt16]) = ([], [UInt16](repeating: 0, count: size))
    for first in stride(from: 0, to: batches.count, by: size) {
      let positions = first..<min(first + size, batches.count)
      let input = Tensor(zeros: [positions.count, 2, 3, 1])
      batches.fill(positions, input: input, labels: &labels, on: device)
      for (place, label) in labels.prefix(positions.count).enumerated() {
        let pixels = input.items(from: place, count: 1).values
        #expect(pixels.allSatisfy { abs($0 - Float(label)) < 1e-4 }, "image \(label)")
        all.append(label)
      }
    }
    return all
  }

  @Test func withoutShufflingImagesComeInTheirOrder() {
    let batches = Batches(Selection(images), normalizedBy: unchanged)
    #expect(labels(of: batches) == Array(0..<40))
  }

  @Test func aSelectionDecidesWhichImagesComeAndInWhatOrder() {
    let batches = Batches(Selection(images, indices: [5, 3, 39]), normalizedBy: unchanged)
    #expect(batches.count == 3)
    #expect(labels(of: batches) == [5, 3, 39])
  }

  @Test func shufflingIsAPermutationThatSeedAndEpochDecide() {
    var batches = Batches(Selection(images), normalizedBy: unchanged)
    func shuffled(_ seed: UInt64, _ epoch: Int) -> [UInt16] {
      batches.shuffle(seed: seed, epoch: epoch)
      return labels(of: batches)
    }
    let first = shuffled(1, 0)
    #expect(first != Array(0..<40))
    #expect(first.sorted() == Array(0..<40))
    #expect(shuffled(1, 1) != first)
    #expect(shuffled(2, 0) != first)
    // What was shuffled before leaves no trace.
    #expect(shuffled(1, 0) == first)
  }

  @Test func neitherBatchSizeNorThreadsChangeTheOrder() {
    var batches = Batches(Selection(images), normalizedBy: unchanged)
    batches.shuffle(seed: 3, epoch: 2)
    let expected = labels(of: batches, size: 40)
    #expect(labels(of: batches, size: 1) == expected)
    #expect(labels(of: batches, size: 39, threads: 3) == expected)
  }

  @Test func pixelsAreShiftedByTheMeanAndDividedByTheDeviation() {
    let images = ImageSet(height: 1, width: 3, pixels: [0, 51, 255], labels: [0])
    let batches = Batches(
      Selection(images), normalizedBy: Normalization(mean: 0.2, standardDeviation: 0.4))
    let input = Tensor(zeros: [1, 1, 3, 1])
    var labels: [UInt16] = [9]
    batches.fill(0..<1, input: input, labels: &labels, on: Device(threads: 1))
    for (found, wanted) in zip(input.values, [-0.5, 0, 2] as [Float]) {
      #expect(abs(found - wanted) < 1e-6)
    }
    #expect(labels == [0])
  }

  @Test func theNormalizationIsThatOfTheSelection() {
    let images = ImageSet(height: 1, width: 2, pixels: [0, 255, 200, 200], labels: [0, 1])
    #expect(
      Normalization(of: Selection(images, indices: [0]))
        == Normalization(mean: 0.5, standardDeviation: 0.5))
  }

  @Test func imagesWithoutVariationAreOnlyShifted() {
    let images = ImageSet(height: 1, width: 2, pixels: [51, 51], labels: [0])
    #expect(
      Normalization(of: Selection(images)) == Normalization(mean: 0.2, standardDeviation: 1))
  }
}
