import Support
import TestSupport
import Testing
import TestSupport

@testable import Datasets

@Suite struct SelectionTests {
  /// Images of one pixel with the given number of each class, sorted by class.
  func sorted(_ counts: [Int]) -> ImageSet {
    let labels = counts.enumerated().flatMap { [UInt16](repeating: UInt16($0), count: $1) }
    return ImageSet(
      height: 1, width: 1, pixels: [UInt8](repeating: 0, count: labels.count), labels: labels)
  }

  @Test func splitIsAPartitionInOrder() {
    let whole = Selection(sorted([40, 60, 25]))
    let (training, validation) = whole.split(validationShare: 0.2, seed: 7)
    #expect((training.indices + validation.indices).sorted() == whole.indices)
    #expect(training.indices == training.indices.sorted())
    #expect(validation.indices == validation.indices.sorted())
  }

  @Test func splitKeepsTheShareOfEveryClass() {
    let (training, validation) = Selection(sorted([40, 60, 25]))
      .split(validationShare: 0.2, seed: 7)
    #expect(validation.counts(classCount: 3) == [8, 12, 5])
    #expect(training.counts(classCount: 3) == [32, 48, 20])
  }

  @Test func splitDependsOnTheSeedAlone() {
    let whole = Selection(sorted([100, 100]))
    let first = whole.split(validationShare: 0.1, seed: 1).validation
    #expect(first == whole.split(validationShare: 0.1, seed: 1).validation)
    #expect(first != whole.split(validationShare: 0.1, seed: 2).validation)
  }

  @Test func splitLeavesEveryClassAnImage() {
    let (training, validation) = Selection(sorted([1, 1, 8])).split(validationShare: 0.9, seed: 1)
    #expect(training.counts(classCount: 3).min() == 1)
    #expect(validation.counts(classCount: 3) == [0, 0, 7])
  }

  @Test func noShareIsNoValidation() {
    let (training, validation) = Selection(sorted([3, 4])).split(validationShare: 0, seed: 1)
    #expect(training.count == 7)
    #expect(validation.count == 0)
  }

  @Test func splitOfASelectionStaysInside() {
    let half = Selection(sorted([50, 50]), indices: Array(25..<75))
    let (training, validation) = half.split(validationShare: 0.5, seed: 3)
    #expect((training.indices + validation.indices).sorted() == half.indices)
  }

  @Test func limitIsProportionalAndExact() {
    let limited = Selection(sorted([100, 300, 600])).limited(to: 50, seed: 1)
    #expect(limited.counts(classCount: 3) == [5, 15, 30])
    #expect(limited.indices == limited.indices.sorted())
    #expect(limited == Selection(limited.images).limited(to: 50, seed: 1))
    #expect(limited != Selection(limited.images).limited(to: 50, seed: 2))
  }

  @Test func limitKeepsRareClasses() {
    let whole = Selection(sorted([1, 997, 2]))
    #expect(whole.limited(to: 10, seed: 1).counts(classCount: 3) == [1, 8, 1])
    #expect(whole.limited(to: 3, seed: 1).counts(classCount: 3) == [1, 1, 1])
    #expect(whole.limited(to: 2, seed: 1).count == 2)
  }

  @Test func generousLimitChangesNothing() {
    let whole = Selection(sorted([2, 3]))
    #expect(whole.limited(to: 5, seed: 1) == whole)
    #expect(whole.limited(to: 0, seed: 1).count == 0)
  }

  @Test func remaindersGoToTheLargest() {
    // 7 · (1, 2, 3) / 6 = 1 1/6, 2 2/6, 3 3/6.
    #expect(apportion(7, over: [1, 2, 3]) == [1, 2, 4])
    #expect(apportion(1, over: [5, 5]) == [1, 0])
    #expect(apportion(3, over: [0, 0]) == [0, 0])
  }

  func dataset(_ name: String, train: Int, test: Int?) -> Dataset {
    Dataset(
      name: name, classes: .digits, train: sorted([train]), test: test.map { sorted([$0]) })
  }

  @Test func reservedTailIsAsLongAsTheTestPart() throws {
    let (training, validation) = try dataset("letters", train: 10, test: 3).reservedSplit()
    #expect(training.indices == Array(0..<7))
    #expect(validation.indices == [7, 8, 9])
    #expect(try dataset("digits", train: 12, test: nil).reservedSplit().validation.count == 2)
  }

  @Test func otherDataSetsReserveNothing() {
    #expect(
      message { try dataset("mnist", train: 10, test: 3).reservedSplit() }
        == "data set 'mnist' reserves no validation images, only balanced, letters, digits and"
        + " emnist-mnist do")
    #expect(
      message { try dataset("letters", train: 3, test: 3).reservedSplit() }
        == "data set 'letters' has 3 training images, too few to reserve 3 of them")
  }

  @Test func statisticsAreExact() {
    // 0, 255, 255 and 0: mean 1/2, deviation 1/2. The third image is left out.
    let set = ImageSet(
      height: 1, width: 2, pixels: [0, 255, 255, 0, 9, 9], labels: [0, 0, 0])
    #expect(Selection(set, indices: [0, 1]).pixelMoments() == (0.5, 0.5))
    #expect(Selection(set, indices: []).pixelMoments() == (0, 0))
  }

  @Test func statisticsOfLargeImagesDoNotOverflow() {
    let pixels = [UInt8](repeating: 255, count: 70_000)
    let set = ImageSet(height: 70, width: 1000, pixels: pixels, labels: [0])
    #expect(Selection(set).pixelMoments() == (1, 0))
  }
}
