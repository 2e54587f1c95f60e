import AllocationCount
import Foundation
import Tensor
import Testing
import TestSupport

@testable import Datasets

/// Batches of images that vary in every way.
private final class SteadyFilling {
  private let batches: Batches
  private let device: Device
  private let input = Tensor(zeros: [16, 28, 28, 1])
  private var labels = [UInt16](repeating: 0, count: 16)
  private var epoch = 0

  init(threads: Int) {
    device = Device(threads: threads)
    let images = ImageSet(
      height: 28, width: 28, pixels: (0..<16 * 784).map { UInt8($0 % 251) }, labels: labels)
    batches = Batches(
      Selection(images), normalizedBy: Normalization(mean: 0, standardDeviation: 1),
      augmenter: Augmenter(
        AugmentationPolicy.heavy.augmentation, height: 28, width: 28, seed: 1, on: device))
    run(3)
  }

  func run(_ count: Int) {
    for _ in 0..<count {
      batches.fill(0..<16, epoch: epoch, input: input, labels: &labels, on: device)
      epoch += 1
    }
  }
}

@Suite(
  .enabled(if: allocation_count_is_available(), "allocations are counted with glibc only"),
  .enabled(if: isOptimized, "run Scripts/check_allocations.sh, which builds optimized tests"))
struct AugmentationAllocationTests {
  /// In a process of its own, because all threads are counted and other tests allocate.
  @Test(arguments: [1, 2])
  func aHundredBatchesAllocateNothing(threads: Int) async throws {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardErrorContent]
    ) { [threads] in
      let filling = SteadyFilling(threads: threads)
      allocation_count_begin()
      filling.run(100)
      let count = allocation_count_end()
      guard count > 0 else { return }
      FileHandle.standardError.write(Data("\(count) allocations in 100 batches\n".utf8))
      allocation_count_show(2)
    }
    let report = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(report == "")
  }
}
