import Analysis
import Configuration
import Foundation
import Support
import Testing
import Training

@Suite struct RunListingTests {
  private func withRuns(_ body: (_ root: String) throws -> Void) throws {
    let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: root) }
    let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Golden/v1.1/run").path
    try makeDirectories(root)
    try FileManager.default.copyItem(atPath: golden, toPath: root + "/old")
    try makeDirectories(root + "/none")
    try body(root)
  }

  @Test func aRunIsListedByWhatItLeft() throws {
    try withRuns { root in
      let runs = RunListing.all(in: root)
      #expect(runs.map(\.run) == [root + "/old"])
      let (run, record) = (
        try #require(runs.first), try RunRecord(reading: RunDirectory(path: root + "/old"))
      )
      #expect(run.state == .finished && run.date?.hasPrefix("20") == true)
      #expect(run.epochsRun == record.history.count)
      #expect(run.validationAccuracy == record.best?.validationAccuracy)
      #expect(run.testAccuracy == record.test?.accuracy)
      #expect(run.parameters == record.model?.summary.parameters)
      #expect(run.dataset == record.model?.dataset)
    }
  }

  @Test func aFileThatCannotBeReadMakesARunDamagedAndEndsNoList() throws {
    try withRuns { root in
      try AtomicFile.write(text: "no table", to: root + "/old/history.csv")
      #expect(RunListing.all(in: root).map(\.state) == [.damaged])
    }
  }

  @Test func whoTrainsHoldsTheLock() throws {
    try withRuns { root in
      let path = root + "/old/manifest.json"
      let text = String(decoding: try readFile(path), as: UTF8.self)
      try AtomicFile.write(text: text.replacing("\"ended\"", with: "\"before\""), to: path)
      #expect(RunListing.all(in: root).map(\.state) == [.killed])
      let lock = DirectoryLock(root + "/old")
      #expect(RunListing.all(in: root).map(\.state) == [.running])
      withExtendedLifetime(lock) {}
    }
  }

  @Test func runsAreFilteredByOptionsAndSorted() throws {
    try withRuns { root in
      try FileManager.default.copyItem(atPath: root + "/old", toPath: root + "/copy")
      let runs = RunListing.all(in: root)
      let model = try #require(runs.first?.model)
      #expect(RunFilter(key: "model", value: model).allows(runs[0]))
      #expect(!RunFilter(key: "model", value: "other").allows(runs[0]))
      #expect(RunFilter(key: "seed", value: "0.0").allows(runs[0]))
      #expect(RunFilter(key: "state", value: "finished").allows(runs[0]))
      #expect(RunOrder.run.sorted(runs.reversed()).map(\.run) == runs.map(\.run))
      #expect(RunOrder.testAccuracy.sorted(runs).map(\.run) == runs.map(\.run))
    }
  }
}
