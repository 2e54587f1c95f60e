import Testing

@testable import Datasets

@Suite struct DataFileNameTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let dataset: String?
    let isTrain: Bool?
    let content: DataFileName.Content
    var extra: String?
    var isCompressed = false
    var testDescription: String { name }
  }

  @Test(arguments: [
    Case(
      name: "emnist-letters-train-images-idx3-ubyte.gz", dataset: "letters", isTrain: true,
      content: .images, isCompressed: true),
    Case(
      name: "emnist-mnist-test-labels-idx1-ubyte", dataset: "emnist-mnist", isTrain: false,
      content: .labels),
    Case(
      name: "emnist-47-balanced-subset-test-images.idx3-ubyte", dataset: "47-balanced-subset",
      isTrain: false, content: .images),
    Case(
      name: "emnist-byclass-train-tail15820-labels-idx1-ubyte.gz", dataset: "byclass",
      isTrain: true, content: .labels, extra: "tail15820", isCompressed: true),
    Case(name: "train-images.idx3-ubyte", dataset: nil, isTrain: true, content: .images),
    Case(name: "t10k-labels-idx1-ubyte", dataset: nil, isTrain: false, content: .labels),
    Case(
      name: "qmnist-test-labels-idx2-int.gz", dataset: "qmnist", isTrain: false, content: .labels,
      isCompressed: true),
    Case(
      name: "emnist-balanced-test.csv", dataset: "balanced", isTrain: false, content: .table,
      isCompressed: false),
    Case(name: "mnist_train.csv", dataset: "mnist", isTrain: true, content: .table),
    Case(name: "fashion-mnist_test.csv", dataset: "fashion-mnist", isTrain: false, content: .table),
    Case(name: "train.csv", dataset: nil, isTrain: true, content: .table),
    Case(name: "test.csv", dataset: nil, isTrain: false, content: .table),
    Case(name: "sign_mnist_train.csv", dataset: "sign_mnist", isTrain: true, content: .table),
    Case(
      name: "A_Z Handwritten Data.csv", dataset: "a_z-handwritten", isTrain: nil, content: .table),
    Case(
      name: "mnist_784.csv.gz", dataset: "mnist_784", isTrain: nil, content: .table,
      isCompressed: true),
    Case(name: "mnist.npz", dataset: "mnist", isTrain: nil, content: .archive),
    Case(name: "k49-train-imgs.npz", dataset: "k49", isTrain: true, content: .archive),
    Case(name: "x_train.npy", dataset: nil, isTrain: true, content: .images),
    Case(name: "test-labels.npy", dataset: nil, isTrain: false, content: .labels),
    Case(name: "emnist-letters.mat", dataset: "letters", isTrain: nil, content: .matlab),
  ])
  func nameSaysWhatIsInside(_ example: Case) throws {
    let name = try #require(DataFileName(example.name))
    #expect(name.dataset == example.dataset)
    #expect(name.part == example.isTrain.map { $0 ? .train : .test })
    #expect(name.content == example.content)
    #expect(name.extra == example.extra)
    #expect(name.isCompressed == example.isCompressed)
  }

  @Test(arguments: [
    "README.md", "emnist-letters-mapping.txt", ".csv", "weights.npy",
    "letters-images-idx3-ubyte", "train-images-idx9-ubyte", "train-images-idx3", "images", "",
  ])
  func otherFilesAreLeftAlone(name: String) { #expect(DataFileName(name) == nil) }

  @Test(arguments: [
    ("Letters", "letters"), ("emnist-letters", "letters"), ("emnist-mnist", "emnist-mnist"),
    ("mnist", "mnist"), ("EMNIST-47-balanced-subset", "47-balanced-subset"),
    ("fashion_mnist", "fashion-mnist"), ("my_set", "my_set"),
  ])
  func emnistPrefixMakesNoDifference(name: String, canonical: String) {
    #expect(KnownDataset.canonicalName(name) == canonical)
  }

  @Test func lettersSayWhichFilesTheyAre() {
    let distributed = KnownDataset.letters.note(trainCount: 124_800, testCount: nil)
    let kaggle = KnownDataset.letters.note(trainCount: nil, testCount: 14_800)
    #expect(
      distributed == "letters as distributed: 26 classes, 124,800 + 20,800 images;"
        + " Kaggle's tables and the paper's have 88,800 + 14,800")
    #expect(
      kaggle == "letters as in Kaggle's tables: 26 classes, 88,800 + 14,800 images;"
        + " the distributed files hold 124,800 + 20,800")
    #expect(KnownDataset.letters.note(trainCount: 10, testCount: 10) == nil)
  }
}
