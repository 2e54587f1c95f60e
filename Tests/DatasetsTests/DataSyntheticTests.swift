import Testing

@testable import Datasets

@Suite struct DataSyntheticTests {
  private func data(_ train: Int, _ test: Int, seed: UInt64 = 0) -> Dataset {
    SyntheticData(name: "s", trainCount: train, testCount: test, seed: seed).dataset()
  }

  @Test func moreImagesOnlyAddToFewer() throws {
    let (few, many) = (data(940, 47), data(987, 94))
    let (train, more) = (try #require(few.train), try #require(many.train))
    #expect(train.pixels == Array(more.pixels[..<(940 * 784)]))
    #expect(train.labels == Array(more.labels[..<940]))
  }

  @Test func theTestPartDoesNotDependOnTheTrainingPart() {
    #expect(data(0, 94).test == data(470, 94).test)
    #expect(data(0, 94).train == nil)
  }

  @Test func classesAreBalancedAndNamedAsEMNISTs() {
    let dataset = data(94, 0)
    #expect(dataset.classes == .byMerge)
    #expect(dataset.train?.counts(classCount: 47) == [Int](repeating: 2, count: 47))
    #expect(dataset.test == nil)
  }

  @Test func partsShareNoImage() throws {
    let dataset = data(94, 94)
    let (train, test) = (try #require(dataset.train), try #require(dataset.test))
    func images(_ set: ImageSet) -> Set<[UInt8]> {
      Set((0..<set.count).map { Array(set.pixels[($0 * 784)..<($0 * 784 + 784)]) })
    }
    #expect(images(train).isDisjoint(with: images(test)))
    #expect(images(train).count == 94)
  }

  @Test func anotherSeedGivesOtherImages() {
    #expect(data(47, 0, seed: 1).train != data(47, 0).train)
    #expect(data(47, 0).train == data(47, 0).train)
  }
}
