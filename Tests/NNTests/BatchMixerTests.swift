import Support
import Tensor
import Testing
import TestSupport

@testable import NN

@Suite struct BatchMixerTests {
  private static let shape: Shape = [6, 8, 2]

  /// Images each filled with its number, and what became of them.
  private func mix(
    mixup: Double = 0, cutmix: Double = 0, count: Int = 7, seed: UInt64 = 1, index: Int = 0,
    threads: Int = 1
  ) -> (images: Tensor, targets: Targets) {
    let mixer = BatchMixer(mixup: mixup, cutmix: cutmix, shape: Self.shape, batch: 7)
    let images = Tensor(zeros: Self.shape.batched(count))
    for i in 0..<count { images.items(from: i, count: 1).fill(Float(i)) }
    var targets = Targets(labels: (0..<count).map { UInt16($0) })
    mixer.mix(images, &targets, seed: seed, index: index, on: Device(threads: threads))
    return (images, targets)
  }

  @Test(arguments: [1, 6, 7]) func mixupBlendsEachImageWithItsPartner(_ count: Int) {
    let (images, targets) = mix(mixup: 0.8, count: count)
    #expect(targets.labels == (0..<count).map { UInt16($0) })
    #expect(targets.partners.prefix(count).sorted() == targets.labels)
    #expect(targets.share > 0 && targets.share < 1)
    for i in 0..<count {
      let blend = targets.share * Double(i) + (1 - targets.share) * Double(targets.partners[i])
      let values = images.items(from: i, count: 1).values
      #expect(values.allSatisfy { abs(Double($0) - blend) < 1e-5 })
    }
  }

  @Test(arguments: 0..<20) func cutmixPastesABoxAndCountsItsPixels(_ index: Int) throws {
    let (images, targets) = mix(cutmix: 1, index: index)
    #expect(targets.partners.sorted() == targets.labels)
    let (height, width) = (Self.shape[0], Self.shape[1])
    var boxes = Set<[Int]>()
    for i in 0..<7 where targets.partners[i] != i {
      let values = images.items(from: i, count: 1).values
      let pasted = values.indices.filter { values[$0] == Float(targets.partners[i]) }
      #expect(values.allSatisfy { $0 == Float(i) || $0 == Float(targets.partners[i]) })
      boxes.insert(pasted)
    }
    // One box for all images, of whole pixels.
    #expect(boxes.count == 1)
    let box = try #require(boxes.first)
    #expect(abs(targets.share - (1 - Double(box.count) / Double(height * width * 2))) < 1e-12)
    let rows = Set(box.map { $0 / 2 / width })
    let columns = Set(box.map { $0 / 2 % width })
    #expect(box.count == 2 * rows.count * columns.count)
  }

  @Test func withBothEachBatchDrawsOne() {
    let blended = (0..<200).count { index in
      mix(mixup: 1, cutmix: 1, index: index).images.values.contains { $0 != $0.rounded() }
    }
    // Four standard deviations.
    #expect(abs(blended - 100) < 29)
  }

  @Test func sharesFollowAlpha() {
    func shares(_ alpha: Double) -> [Double] {
      (0..<300).map { mix(mixup: alpha, index: $0).targets.share }
    }
    // The variance of Beta(α, α) is 1 / (8 α + 4).
    for alpha in [0.2, 1, 5] {
      let deviations = shares(alpha).map { ($0 - 0.5) * ($0 - 0.5) }
      #expect(abs(deviations.reduce(0, +) / 300 * (8 * alpha + 4) - 1) < 0.25)
    }
  }

  @Test func seedAndBatchDecideAndThreadsDoNot() {
    let first = mix(mixup: 1, cutmix: 1)
    let again = mix(mixup: 1, cutmix: 1, threads: 3)
    #expect(bitMismatch(first.images, again.images) == nil)
    #expect(first.targets.share == again.targets.share)
    #expect(mix(mixup: 1, cutmix: 1, seed: 2).targets.share != first.targets.share)
    #expect(mix(mixup: 1, cutmix: 1, index: 1).targets.share != first.targets.share)
  }

  @Test func aBoxIsCutOffAtTheEdges() {
    var random = RandomStream(seed: 1, purpose: .testing)
    var sizes = Set<Int>()
    for _ in 0..<100 {
      let box = MixingBox(share: 0.75, height: 6, width: 8, &random)
      #expect(box.rows.lowerBound >= 0 && box.rows.upperBound <= 6)
      #expect(box.columns.lowerBound >= 0 && box.columns.upperBound <= 8)
      sizes.insert(box.rows.count * box.columns.count)
    }
    // Half of each side is 3 and 4 pixels; one and two to either side of a pixel.
    #expect(sizes.max() == 8 && sizes.count > 1)
    let whole = MixingBox(share: 1, height: 6, width: 8, &random)
    #expect(whole.rows.isEmpty && whole.remainingShare == 1)
  }
}
