import Datasets
import Formats
import Support
import TestSupport
import Testing
import TestSupport

@Suite struct DatasetLoadingTests {
  func load(_ request: DataRequest, _ parts: DatasetParts = .all) throws -> Dataset {
    let locator = DatasetLocator(environment: [:], currentDirectory: "/nowhere")
    return try #require(try locator.load(request, parts: parts))
  }

  @Test func orientationFollowsThePrefixUnlessOverridden() throws {
    try withTemporaryFolder { folder in
      try folder.writePart("a/emnist-own-train-{}-ubyte", labels: [0])
      try folder.writePart("b/own-train-{}-ubyte", labels: [0])
      func pixels(_ place: String, _ transposed: Bool?) throws -> [UInt8]? {
        let request = DataRequest(directory: "\(folder.path)/\(place)", transposed: transposed)
        return try load(request, .train).train?.pixels
      }
      #expect(try pixels("a", nil) == [0, 2, 1, 3])
      #expect(try pixels("b", nil) == [0, 1, 2, 3])
      #expect(try pixels("a", false) == [0, 1, 2, 3])
      #expect(try pixels("b", true) == [0, 2, 1, 3])
    }
  }

  @Test func classesComeFromTheBestSource() throws {
    try withTemporaryFolder { folder in
      for name in ["own", "letters-subset", "47-balanced-subset"] {
        try folder.writePart("\(name)/emnist-\(name)-train-{}-ubyte", labels: [1, 2])
      }
      func labels(_ name: String, mapping: String? = nil) throws -> [String] {
        let request = DataRequest(directory: "\(folder.path)/\(name)", mapping: mapping)
        return try load(request, .train).classes.labels
      }
      for name in ["own", "letters-subset", "47-balanced-subset"] {
        #expect(try labels(name) == ["1", "2"])
      }
      try folder.write("own/emnist-other-mapping.txt", Array("0 65\n1 66\n2 67\n".utf8))
      #expect(try labels("own") == ["A", "B", "C"])
      try folder.write("own/emnist-own-mapping.txt", Array("1 88\n2 89\n".utf8))
      #expect(try labels("own") == ["X", "Y"])
      let mapping = try folder.write("m.txt", Array("0 35\n1 36\n2 37\n".utf8))
      #expect(try labels("own", mapping: mapping) == ["#", "$", "%"])
    }
  }

  @Test func filesAreRecorded() throws {
    try withTemporaryFolder { folder in
      try folder.writePart("own-test-{}-ubyte", labels: [0, 1])
      let mapping = try folder.write("emnist-own-mapping.txt", Array("0 65\n1 66\n".utf8))
      let dataset = try load(DataRequest(directory: folder.path), .test)
      #expect(dataset.train == nil)
      #expect(
        dataset.files == [
          DataFile(
            path: folder.path + "/own-test-images-idx3-ubyte", role: .testImages, bytes: 24,
            count: 2),
          DataFile(
            path: folder.path + "/own-test-labels-idx1-ubyte", role: .testLabels, bytes: 10,
            count: 2),
          DataFile(path: mapping, role: .mapping, bytes: 10, count: 2),
        ])
    }
  }

  @Test func namedFilesAreUsedAsTheyAre() throws {
    try withTemporaryFolder { folder in
      try folder.writePart("emnist-byclass-train-tail9-{}-ubyte", labels: [61, 0])
      let stem = folder.path + "/emnist-byclass-train-tail9-"
      let request = DataRequest(
        testImages: stem + "images-idx3-ubyte", testLabels: stem + "labels-idx1-ubyte")
      let dataset = try load(request, .test)
      #expect(dataset.name == "byclass")
      #expect(dataset.classes == .byClass)
      #expect(dataset.transposedOnDisk)
      #expect(dataset.test?.labels == [61, 0])
    }
  }

  @Test func namedFilesReplaceTheFoundPart() throws {
    try withTemporaryFolder { folder in
      try folder.writePart("d/own-train-{}-ubyte", labels: [0, 1, 2])
      try folder.writePart("other-{}", labels: [1])
      let request = DataRequest(
        directory: folder.path + "/d", testImages: folder.path + "/other-images-idx3",
        testLabels: folder.path + "/other-labels-idx1")
      let dataset = try load(request)
      #expect(dataset.train?.count == 3)
      #expect(dataset.test?.labels == [1])
    }
  }

  @Test func halfNamedPartsAreExplained() {
    #expect(
      message { try load(DataRequest(trainImages: "a")) }
        == "'train_images' is given without 'train_labels'; give both")
    #expect(
      message { try load(DataRequest(testLabels: "a")) }
        == "'test_labels' is given without 'test_images'; give both")
    #expect(
      message { try load(DataRequest(testImages: "a", testLabels: "b")) }
        == "no train part is named")
  }

  @Test func countsMustAgree() throws {
    try withTemporaryFolder { folder in
      try folder.writePart("a-train-{}-ubyte", labels: [0, 1])
      try folder.writePart("b-train-{}-ubyte", labels: [0, 1, 2])
      let request = DataRequest(
        trainImages: folder.path + "/a-train-images-idx3-ubyte",
        trainLabels: folder.path + "/b-train-labels-idx1-ubyte")
      #expect(
        message { try load(request, .train) }
          == "\(folder.path)/a-train-images-idx3-ubyte: 2 images, but 3 labels in"
          + " \(folder.path)/b-train-labels-idx1-ubyte; use two files of the same part")
    }
  }

  @Test func sizesMustAgree() throws {
    try withTemporaryFolder { folder in
      try folder.writePart("own-train-{}-ubyte", labels: [0], height: 3, width: 2)
      try folder.writePart("own-test-{}-ubyte", labels: [0], height: 2, width: 3)
      #expect(
        message { try load(DataRequest(directory: folder.path)) }
          == "\(folder.path)/own-test-images-idx3-ubyte: images of 2 × 3 pixels, but 3 × 2 in"
          + " \(folder.path)/own-train-images-idx3-ubyte; use two parts of the same data set")
    }
  }

  @Test func swappedFilesAreNoticed() throws {
    try withTemporaryFolder { folder in
      try folder.writePart("own-train-{}-ubyte", labels: [0])
      let images = folder.path + "/own-train-images-idx3-ubyte"
      let labels = folder.path + "/own-train-labels-idx1-ubyte"
      #expect(
        message { try load(DataRequest(trainImages: labels, trainLabels: images), .train) }
          == "\(images): holds uint8 of 1 × 2 × 2, labels are whole numbers, one an image, or"
          + " one-hot; name the labels file here")
      #expect(
        message { try load(DataRequest(trainImages: labels, trainLabels: labels), .train) }
          == "\(labels): holds uint8 of 1, images are numbers of N × 28 × 28, N × 28 × 28 × 1,"
          + " N × 784 or in colour N × 28 × 28 × 3; name the images file here")
    }
  }

  @Test(arguments: [(UInt8(0), 1), (27, 26)])
  func labelOutsideTheTableIsNamed(label: UInt8, nearest: Int) throws {
    try withTemporaryFolder { folder in
      try folder.writePart("emnist-letters-train-{}-ubyte", labels: [UInt8(nearest), label])
      #expect(
        message { try load(DataRequest(directory: folder.path), .train) }
          == "\(folder.path)/emnist-letters-train-labels-idx1-ubyte: label \(label) at index 1 is outside"
          + " the class table, 1 to 26; use the data set's own mapping file")
    }
  }

  /// Without names for the classes the training labels say how many there are.
  @Test func aTestLabelDecidesNothing() throws {
    try withTemporaryFolder { folder in
      try folder.writePart("own-train-{}-ubyte", labels: [0, 1, 2])
      try folder.writePart("own-t10k-{}-ubyte", labels: [0, 9])
      #expect(try load(DataRequest(directory: folder.path), .train).classes.count == 3)
      #expect(
        message { try load(DataRequest(directory: folder.path), .all) }
          == "\(folder.path)/own-t10k-labels-idx1-ubyte: label 9 at index 1 is outside"
          + " the class table, 0 to 2; use the data set's own mapping file")
    }
  }

  @Test func tablesAreTurnedUprightOnlyIfFromEMNIST() throws {
    try withTemporaryFolder { folder in
      let pixels = (0..<784).map { String($0 % 256) }
      let text = Array((["5"] + pixels).joined(separator: ",").utf8)
      try folder.write("a/emnist-digits-train.csv", text)
      let header = (["label"] + (0..<784).map { "pixel\($0)" }).joined(separator: ",")
      try folder.write("b/train.csv", Array((header + "\n").utf8) + text)
      let emnist = try load(DataRequest(directory: folder.path + "/a"), .train)
      let mnist = try load(DataRequest(directory: folder.path + "/b"), .train)
      #expect(emnist.train?.pixels[1] == 28)
      #expect(mnist.train?.pixels[1] == 1)
      #expect(mnist.name == "b")
      #expect(emnist.files.map(\.role) == [.trainTable])
    }
  }

  @Test func imagesAndLabelsAreWrittenAsIDX() throws {
    let set = ImageSet(height: 1, width: 2, pixels: [1, 2, 3, 4], labels: [0, 9])
    #expect(set.imagesFile.dimensions == [2, 1, 2])
    #expect(set.imagesFile.payload == set.pixels)
    #expect(set.labelsFile.encoded() == [0, 0, 8, 1, 0, 0, 0, 2, 0, 9])
  }
}
