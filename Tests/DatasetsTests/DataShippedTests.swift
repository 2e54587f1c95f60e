import Foundation
import Testing
import TestSupport

@testable import Datasets

@Suite struct DataShippedTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  @Test func theFilesHoldWhatIsDrawnWithoutThem() throws {
    let read = try ShippedData(executable: nil, currentDirectory: Self.root).load(.all)
    let drawn = try ShippedData(executable: nil, currentDirectory: "/nowhere").load(.all)
    #expect(read.train == drawn.train)
    #expect(read.test == drawn.test)
    #expect(read.classes == drawn.classes)
    #expect(read.name == drawn.name)
    #expect(read.note == drawn.note)
    #expect(read.transposedOnDisk && !drawn.transposedOnDisk)
    #expect(read.files.count == 5 && drawn.files.isEmpty)
  }

  @Test func theFilesAreSmall() throws {
    let directory = Self.root + "/Data"
    let sizes = try FileManager.default.contentsOfDirectory(atPath: directory).map { name in
      try FileManager.default.attributesOfItem(atPath: "\(directory)/\(name)")[.size] as? Int ?? 0
    }
    #expect(sizes.count == 6)
    #expect(sizes.reduce(0, +) < 2_000_000)
  }

  @Test func theyAreLookedForBesideAllThatIsAboveTheProgram() throws {
    try withTemporaryDirectory { root in
      let data = root + "/Data"
      try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: false)
      let program = root + "/.build/x86_64/release/emnist"
      let shipped = ShippedData(executable: program, currentDirectory: "/nowhere")
      #expect(shipped.directory == nil)
      let file = data + "/emnist-tiny-train-images-idx3-ubyte.gz"
      #expect(FileManager.default.createFile(atPath: file, contents: nil))
      #expect(shipped.directory == data)
    }
  }

  @Test func aDamagedFileIsNamed() throws {
    try withTemporaryDirectory { root in
      let data = root + "/Data"
      try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: false)
      let file = data + "/emnist-tiny-train-images-idx3-ubyte.gz"
      #expect(FileManager.default.createFile(atPath: file, contents: nil))
      let shipped = ShippedData(executable: nil, currentDirectory: root)
      #expect(
        message { _ = try shipped.load(.train) }
          == "\(data): data set 'tiny' has no train part; add emnist-tiny-train-labels-idx1-ubyte.gz"
      )
    }
  }
}
