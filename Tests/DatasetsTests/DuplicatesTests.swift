import Testing

@testable import Datasets

@Suite struct DuplicatesTests {
  /// Images of 1 × 3 pixels, all of one value.
  private func selection(_ values: [UInt8], labels: [UInt16]? = nil) -> Selection {
    Selection(
      ImageSet(
        height: 1, width: 3, pixels: values.flatMap { [$0, $0, $0] },
        labels: labels ?? values.map { _ in 0 }))
  }

  @Test func theyAreCountedWithinAndBetweenParts() {
    let found = Duplicates(in: [selection([1, 2, 1, 3, 1]), selection([2, 4, 2, 4, 9])])
    #expect(found.within == [2, 2])
    // Both images of value 2.
    #expect(found.shared == 2)
    #expect(found.contradicting == 0)
  }

  @Test func anotherLabelContradicts() {
    let found = Duplicates(
      in: [selection([5, 5, 6], labels: [0, 1, 2]), selection([5, 6], labels: [0, 2])])
    #expect(found.within == [1, 0] && found.shared == 2 && found.contradicting == 1)
  }

  @Test func oneBytesDifferenceIsOne() {
    var pixels = [UInt8](repeating: 7, count: 3 * 784)
    pixels[784 + 783] = 8
    let images = ImageSet(height: 28, width: 28, pixels: pixels, labels: [0, 0, 0])
    #expect(Duplicates(in: [Selection(images)]).within == [1])
    #expect(Duplicates(in: [Selection(images, indices: [0, 1])]).within == [0])
    #expect(Duplicates(in: []).within == [])
  }
}
