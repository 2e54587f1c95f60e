import Testing

@testable import Datasets

@Suite struct DataFileNameTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let dataset: String?
    let isTrain: Bool
    let content: DataFileName.Content
    var extra: String?
    var isCompressed = false
    var isPrefixed = false
    var testDescription: String { name }
  }

  @Test(arguments: [
    Case(
      name: "emnist-letters-train-images-idx3-ubyte.gz", dataset: "letters", isTrain: true,
      content: .images, isCompressed: true, isPrefixed: true),
    Case(
      name: "emnist-mnist-test-labels-idx1-ubyte", dataset: "emnist-mnist", isTrain: false,
      content: .labels, isPrefixed: true),
    Case(
      name: "emnist-47-balanced-subset-test-images.idx3-ubyte", dataset: "47-balanced-subset",
      isTrain: false, content: .images, isPrefixed: true),
    Case(
      name: "emnist-byclass-train-tail15820-labels-idx1-ubyte.gz", dataset: "byclass",
      isTrain: true, content: .labels, extra: "tail15820", isCompressed: true, isPrefixed: true),
    Case(name: "train-images.idx3-ubyte", dataset: nil, isTrain: true, content: .images),
    Case(name: "t10k-labels-idx1-ubyte", dataset: nil, isTrain: false, content: .labels),
    Case(
      name: "qmnist-test-labels-idx2-int.gz", dataset: "qmnist", isTrain: false, content: .labels,
      isCompressed: true),
    Case(
      name: "emnist-balanced-test.csv", dataset: "balanced", isTrain: false, content: .table,
      isPrefixed: true),
    Case(name: "mnist_train.csv", dataset: "mnist", isTrain: true, content: .table),
    Case(name: "fashion-mnist_test.csv", dataset: "fashion-mnist", isTrain: false, content: .table),
    Case(name: "train.csv", dataset: nil, isTrain: true, content: .table),
  ])
  func nameSaysWhatIsInside(_ example: Case) throws {
    let name = try #require(DataFileName(example.name))
    #expect(name.dataset == example.dataset)
    #expect(name.isTrain == example.isTrain)
    #expect(name.content == example.content)
    #expect(name.extra == example.extra)
    #expect(name.isCompressed == example.isCompressed)
    #expect(name.hasEMNISTPrefix == example.isPrefixed)
  }

  @Test(arguments: [
    "README.md", "emnist-letters-mapping.txt", "test.csv", "sample_submission.csv",
    "letters-images-idx3-ubyte", "train-images-idx9-ubyte", "train-images-idx3", "images", "",
  ])
  func otherFilesAreLeftAlone(name: String) { #expect(DataFileName(name) == nil) }

  @Test(arguments: [
    ("Letters", "letters"), ("emnist-letters", "letters"), ("emnist-mnist", "emnist-mnist"),
    ("mnist", "mnist"), ("EMNIST-47-balanced-subset", "47-balanced-subset"),
  ])
  func emnistPrefixMakesNoDifference(name: String, canonical: String) {
    #expect(KnownDataset.canonicalName(name) == canonical)
  }
}
