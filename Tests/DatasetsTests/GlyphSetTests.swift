import Datasets
import Testing

@Suite struct GlyphSetTests {
  static func fill(
    _ set: GlyphSet, _ indices: Range<Int>, seed: UInt64 = 1
  ) -> (images: [[UInt8]], labels: [UInt16]) {
    var pixels = [UInt8](repeating: 0, count: indices.count * 784)
    var labels = [UInt16](repeating: 0, count: indices.count)
    set.fill(indices, using: GlyphGenerator(seed: seed), pixels: &pixels, labels: &labels)
    let images = indices.indices.map { i in
      let start = (i - indices.lowerBound) * 784
      return Array(pixels[start..<start + 784])
    }
    return (images, labels)
  }

  @Test(
    arguments: zip(
      GlyphSet.allCases,
      [
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt",
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "0123456789",
      ]))
  func labelsAreEMNISTs(set: GlyphSet, labels: String) {
    #expect(set.labels.joined() == labels)
  }

  @Test func mergedClassesHaveBothCases() {
    let classes = GlyphSet.balanced47.classes
    #expect(classes[12] == ["C", "c"])
    #expect(classes[10] == ["A"])
    #expect(classes[36] == ["a"])
    #expect(classes.joined().count == 62)
    #expect(classes.count { $0.count == 2 } == 15)
    #expect(GlyphSet.letters26.classes.allSatisfy { $0.count == 2 })
  }

  @Test func anyRangeIsBalanced() {
    let labels = Self.fill(.digits10, 33..<63).labels
    for digit in 0..<10 { #expect(labels.count { $0 == digit } == 3) }
    #expect(labels != labels.sorted(), "the order is shuffled")
  }

  @Test func imageIsItsLabelsCharacter() {
    let set = Self.fill(.letters26, 52..<104)
    for (image, label) in zip(set.images, set.labels) {
      let candidates = (52..<104).filter { $0 % 26 == Int(label) }.flatMap { index in
        GlyphSet.letters26.classes[Int(label)].map { GlyphGeneratorTests.glyph($0, index) }
      }
      #expect(candidates.contains(image))
    }
  }

  @Test func disjointRangesShareNoImageAndTheOrderDependsOnTheSeed() {
    let train = Self.fill(.digits10, 0..<60)
    let test = Self.fill(.digits10, 60..<90)
    #expect(Set(train.images).isDisjoint(with: test.images))
    #expect(Self.fill(.digits10, 0..<60).labels == train.labels)
    #expect(Self.fill(.digits10, 0..<60, seed: 2).labels != train.labels)
  }
}
