import Formats
import Foundation
import Support
import TestSupport
import Testing

@testable import Datasets

/// Data sets written in another layout and read back.
@Suite struct DataConversionTests {
  private func load(_ path: String) throws -> Dataset {
    let locator = DatasetLocator(environment: [:], currentDirectory: "/nowhere")
    let located = try #require(
      try locator.locate(DataRequest(directory: path), parts: .train))
    return try located.load(parts: located.parts)
  }

  private func set(_ labels: [UInt16]) -> ImageSet {
    let pixels = (0..<labels.count * 28 * 28).map { place -> UInt8 in
      let (row, column) = (place % 784).quotientAndRemainder(dividingBy: 28)
      let isInk = (9..<19).contains(row) && (9..<19).contains(column)
      return isInk ? UInt8((place * 7 + place / 784 * 13) % 200 + 56) : 0
    }
    return ImageSet(height: 28, width: 28, pixels: pixels, labels: labels)
  }

  @Test(arguments: [".", "./", ".."])
  func theDirectoryThatOneStandsInIsNotReplaced(path: String) {
    let dataset = Dataset(
      name: "few", classes: ClassTable(labels: ["a"]), train: set([0]), test: nil)
    let place = path.hasSuffix("/") ? "." : path
    #expect(throws: DataWritingError.exists(path: place)) {
      try dataset.write(as: .idx, to: path)
    }
  }

  private func bytes(in directory: String) throws -> [String: [UInt8]] {
    Dictionary(
      uniqueKeysWithValues: try Folder.names(in: directory).map {
        ($0, try readFile(Folder.join(directory, $0)))
      })
  }

  @Test(arguments: [
    ("things", ["fish", "cat", "dog house"], 0), ("mine", ["7", "8", "9"], 0),
    ("counted", ["10", "20", "030"], 0), ("letters", ClassTable.letters.labels, 1),
  ])
  func whatIsWrittenReadsBackAsTheSame(name: String, labels: [String], first: Int) throws {
    try withTemporaryFolder { folder in
      // Folders are in the order of their names.
      let sorted = try ClassTable(counting: [.texts(labels)], path: "").labels
      let last = UInt16(labels.count - 1)
      let original = Dataset(
        name: name, classes: ClassTable(labels: sorted, firstLabel: first),
        train: set([2, 0, 1, 0, last, 2] + (0...last)), test: set([1, 0, 2]),
        validation: set([last, 0]))
      let paths = ["idx", "\(name).npz", name, "again"].map { "\(folder.path)/\($0)" }
      _ = try original.write(as: .idx, to: paths[0])
      _ = try load(paths[0]).write(as: .npz, to: paths[1])
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/only", withIntermediateDirectories: true)
      for file in ["\(name).npz", "\(name)-mapping.txt"] {
        try FileManager.default.moveItem(
          atPath: "\(folder.path)/\(file)", toPath: "\(folder.path)/only/\(file)")
      }
      _ = try load("\(folder.path)/only").write(as: .folders, to: paths[2])
      let read = try load(paths[2])
      _ = try read.write(as: .idx, to: paths[3])
      #expect(read.classes.labels == sorted && read.name == name)
      #expect(read.train == original.train && read.test == original.test)
      #expect(read.validation == original.validation)
      #expect(try bytes(in: paths[3]) == bytes(in: paths[0]))
    }
  }

  @Test func numpysNamesAndShapesAreKeras() throws {
    try withTemporaryFolder { folder in
      let data = Dataset(name: "a", classes: .digits, train: set([3, 1]), test: set([2]))
      let path = "\(folder.path)/a.npz"
      #expect(try data.write(as: .npz, to: path).map(\.count) == [3, 10])
      let zip = try ZipArchive(reading: path)
      #expect(
        zip.members.map(\.name) == ["x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy"])
      let shapes = try zip.members.map {
        try NPY.shape(ofStart: zip.start(of: $0, count: NPY.largestHeader), path: path)
      }
      #expect(shapes == [[2, 28, 28], [2], [1, 28, 28], [1]])
    }
  }

  @Test func labelsWithGapsAreKeptWithoutAMapping() throws {
    try withTemporaryFolder { folder in
      let classes = ClassTable(labels: ["3", "700"], storedLabels: [3, 700])
      let data = Dataset(name: "gaps", classes: classes, train: set([1, 0]), test: nil)
      let path = "\(folder.path)/gaps"
      let files = try data.write(as: .idx, to: path).map { Folder.lastComponent($0.path) }
      #expect(files == ["gaps-train-images-idx3-ubyte.gz", "gaps-train-labels-idx1-int.gz"])
      let read = try load(path)
      #expect(read.classes == classes && read.train?.labels == [1, 0])
    }
  }

  @Test func nothingIsOverwrittenOrLeftHalfWritten() throws {
    try withTemporaryFolder { folder in
      let data = Dataset(name: "a", classes: .digits, train: set([3]), test: nil)
      let there = try folder.write("there/file", [1])
      let directory = Folder.parent(there)
      #expect(throws: DataWritingError.exists(path: directory)) {
        try data.write(as: .idx, to: directory)
      }
      try folder.write("b.npz", [1])
      #expect(throws: DataWritingError.exists(path: "\(folder.path)/b.npz")) {
        try data.write(as: .npz, to: "\(folder.path)/b.npz")
      }
      #expect(throws: DataWritingError.emnistName(path: "x/emnist-a.npz")) {
        try data.write(as: .npz, to: "x/emnist-a.npz")
      }
      let slashed = Dataset(
        name: "a", classes: ClassTable(labels: ["a/b", "c"]), train: set([1]), test: nil)
      #expect(throws: DataWritingError.folderName("a/b")) {
        try slashed.write(as: .folders, to: "\(folder.path)/c")
      }
      #expect(Folder.names(in: folder.path) == ["b.npz", "there"])
    }
  }

  @Test func emnistsOwnNameIsNeverWritten() throws {
    try withTemporaryFolder { folder in
      let data = Dataset(name: "emnist-mnist", classes: .digits, train: set([3]), test: nil)
      let files = try data.write(as: .idx, to: "\(folder.path)/a/").map(\.path)
      #expect(files.allSatisfy { $0.hasPrefix("\(folder.path)/a/mnist-from-emnist-") })
    }
  }
}
