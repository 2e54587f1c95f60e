import Datasets
import Foundation
import Testing

@testable import Experiments

/// Calls `body` with a new directory, which is gone afterwards.
func withTemporaryDirectory(_ body: (String) throws -> Void) throws {
  let url = FileManager.default.temporaryDirectory.appending(path: "emnist-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: url) }
  try body(url.path)
}

@Suite struct DataLoadingTests {
  private func load(
    _ parts: DatasetParts = .test, in directory: String, executable: String? = nil,
    _ change: (inout TrainingConfiguration) -> Void = { _ in }
  ) throws -> LoadedData {
    var configuration = TrainingConfiguration()
    change(&configuration)
    return try loadData(
      configuration, parts: parts, environment: [:], executable: executable,
      currentDirectory: directory)
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
          + "'emnist data list' says how to get the real data")
    }
  }

  @Test func theShippedSetByItsNameNeedsNoNotice() throws {
    try withTemporaryDirectory { directory in
      let data = try load(in: directory) { $0.dataset = "tiny" }
      #expect(data.isShipped)
      #expect(data.notice == nil)
    }
  }

  @Test func aNamedDataSetIsNeverReplaced() throws {
    try withTemporaryDirectory { directory in
      #expect(
        message { _ = try load(in: directory) { $0.dataset = "letters" } }
          == "data set 'letters' was not found in \(directory)/data; say where it is with --data")
      #expect(
        message { _ = try load(in: directory) { $0.data = directory } }
          == "\(directory): no data set is in it; expected files like"
          + " emnist-letters-train-images-idx3-ubyte.gz")
    }
  }
}
