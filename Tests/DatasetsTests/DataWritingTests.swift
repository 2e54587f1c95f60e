import Foundation
import Support
import Testing
import TestSupport

@testable import Datasets

@Suite struct DataWritingTests {
  private let recipe = SyntheticData(name: "few", trainCount: 94, testCount: 47, seed: 3)

  private func names(in directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
  }

  @Test func whatIsWrittenIsReadBackUpright() throws {
    try withTemporaryDirectory { root in
      let directory = root + "/a/b"
      let files = try recipe.write(to: directory)
      #expect(
        files.map(\.path) == [
          "\(directory)/emnist-few-train-images-idx3-ubyte.gz",
          "\(directory)/emnist-few-train-labels-idx1-ubyte.gz",
          "\(directory)/emnist-few-test-images-idx3-ubyte.gz",
          "\(directory)/emnist-few-test-labels-idx1-ubyte.gz",
          "\(directory)/emnist-few-mapping.txt",
        ])
      #expect(files.map(\.count) == [94, 94, 47, 47, 47])
      let drawn = recipe.dataset()
      let read = try #require(
        try DatasetLocator(environment: [:]).load(DataRequest(directory: directory)))
      #expect(read.name == "few")
      #expect(read.transposedOnDisk)
      #expect(read.train == drawn.train)
      #expect(read.test == drawn.test)
      #expect(read.classes == drawn.classes)
      #expect(read.files == files)
    }
  }

  @Test func aPartOfNoImagesIsNotWritten() throws {
    try withTemporaryDirectory { root in
      _ = try SyntheticData(name: "few", trainCount: 0, testCount: 47).write(to: root)
      #expect(
        try names(in: root) == [
          "emnist-few-mapping.txt", "emnist-few-test-images-idx3-ubyte.gz",
          "emnist-few-test-labels-idx1-ubyte.gz",
        ])
    }
  }

  @Test func nothingIsOverwrittenUnasked() throws {
    try withTemporaryDirectory { root in
      try AtomicFile.write(text: "mine", to: root + "/.hidden")
      let error = #expect(throws: SyntheticDataError.self) { try recipe.write(to: root) }
      #expect(
        error?.description
          == "\(root): the directory is not empty")
      #expect(error?.exitCode == .cannotCreate)
      #expect(try names(in: root) == [".hidden"])
      _ = try recipe.write(to: root, overwriting: true)
      #expect(try names(in: root).count == 6)
    }
  }

  @Test func noImagesAtAllAreAnError() {
    let recipe = SyntheticData(name: "few", trainCount: 0, testCount: 0)
    let error = #expect(throws: SyntheticDataError.self) { try recipe.write(to: "/nowhere") }
    #expect(
      error?.description
        == "'train_count' and 'test_count' are both 0; give one of them at least 1")
    #expect(error?.exitCode == .usage)
  }

  @Test func whatWasCreatedIsTakenBackIfTheRestFails() throws {
    try withTemporaryDirectory { root in
      // A directory where the last file should go.
      let directory = root + "/out"
      let obstacle = directory + "/emnist-few-mapping.txt/x"
      try FileManager.default.createDirectory(
        atPath: obstacle, withIntermediateDirectories: true)
      let text = message { _ = try recipe.write(to: directory, overwriting: true) }
      #expect(
        text == "\(directory)/emnist-few-mapping.txt: cannot be created: is a directory; "
          + "choose another place or change its permissions")
      #expect(try names(in: directory) == ["emnist-few-mapping.txt"])
    }
  }

  @Test func aFileInTheWayIsNamed() throws {
    try withTemporaryDirectory { root in
      try AtomicFile.write(text: "", to: root + "/file")
      let text = message { _ = try recipe.write(to: root + "/file/below") }
      #expect(
        text == "\(root)/file/below: cannot be created: not a directory; "
          + "choose another place or change its permissions")
    }
  }
}
