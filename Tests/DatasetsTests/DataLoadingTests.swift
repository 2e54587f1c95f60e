import Foundation
import Testing
import TestSupport

@testable import Datasets

@Suite struct DataLoadingTests {
  private func load(
    _ parts: DatasetParts = .test, in directory: String,
    _ change: (inout DataRequest) -> Void = { _ in }
  ) throws -> LoadedData {
    var request = DataRequest()
    change(&request)
    return try loadData(
      request, parts: parts, environment: [:],
      executable: DataShippedTests.root + "/emnist", currentDirectory: directory)
  }

  @Test func withNothingFoundTheShippedSetServesAndSaysSo() throws {
    try withTemporaryDirectory { directory in
      let data = try load(in: directory)
      #expect(data.isShipped)
      #expect(data.dataset.name == "tiny")
      #expect(data.dataset.test?.count == 1410)
      #expect(data.dataset.train == nil)
      #expect(
        data.notice
          == "no EMNIST found: using the built-in synthetic glyphs; "
          + "'emnist data fetch' gets the real data")
    }
  }

  @Test func theShippedSetByItsNameNeedsNoNotice() throws {
    try withTemporaryDirectory { directory in
      let data = try load(in: directory) { $0.name = "tiny" }
      #expect(data.isShipped)
      #expect(data.notice == nil)
    }
  }

  @Test func theShippedSetIsNotTakenForRealData() throws {
    try withTemporaryDirectory { directory in
      // As where file names ignore case: `./data` is the shipped `Data`.
      _ = try SyntheticData(name: "tiny", trainCount: 0, testCount: 47)
        .write(to: directory + "/data")
      let data = try load(in: directory)
      #expect(data.isShipped)
      #expect(data.notice != nil)
    }
  }

  @Test func whatIsFoundServesWithoutNotice() throws {
    try withTemporaryDirectory { directory in
      _ = try SyntheticData(name: "few", trainCount: 0, testCount: 47)
        .write(to: directory + "/data")
      for parts in [DatasetParts.test, []] {
        let data = try load(parts, in: directory)
        #expect(data.dataset.name == "few")
        #expect(data.dataset.test?.count == 47)
        #expect(data.dataset.train == nil)
        #expect(!data.isShipped && data.notice == nil)
      }
    }
  }

  @Test func optionsReachTheLocator() throws {
    try withTemporaryDirectory { directory in
      let files = try SyntheticData(name: "few", trainCount: 0, testCount: 47)
        .write(to: directory)
      let upright = try load(in: directory) {
        ($0.testImages, $0.testLabels) = (files[0].path, files[1].path)
      }
      let lying = try load(in: directory) { ($0.directory, $0.transposed) = (directory, false) }
      #expect(upright.dataset.transposedOnDisk && !lying.dataset.transposedOnDisk)
      #expect(upright.dataset.test?.labels == lying.dataset.test?.labels)
      #expect(upright.dataset.test?.pixels != lying.dataset.test?.pixels)
    }
  }

  @Test func aSetWithoutACompletePartIsNamed() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/emnist-letters-train-images-idx3-ubyte"
      #expect(FileManager.default.createFile(atPath: path, contents: nil))
      #expect(
        message { _ = try load([], in: directory) { $0.directory = directory } }
          == "\(directory): data set 'letters' has no train part; "
          + "add emnist-letters-train-labels-idx1-ubyte.gz")
    }
  }

  @Test func aNamedDataSetIsNeverReplaced() throws {
    try withTemporaryDirectory { directory in
      #expect(
        message { _ = try load(in: directory) { $0.name = "letters" } }
          == "data set 'letters' was not found in \(directory)/data")
      #expect(
        message { _ = try load(in: directory) { $0.directory = directory } }
          == "\(directory): no data set is in it; expected files like"
          + " emnist-letters-train-images-idx3-ubyte.gz, mnist_train.csv or mnist.npz, or a folder of"
          + " pictures for each class")
    }
  }
}
