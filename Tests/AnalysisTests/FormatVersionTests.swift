import Configuration
import Foundation
import Interchange
import Support
import Tensor
import Testing
import TestSupport
import Training

@testable import Analysis

/// Files that a later version wrote are refused in a sentence.
@Suite struct FormatVersionTests {
  private func withRun(_ body: (RunDirectory) throws -> Void) throws {
    let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Golden/v1/run").path
    try withTemporaryDirectory { folder in
      try FileManager.default.copyItem(atPath: golden, toPath: folder + "/run")
      try body(RunDirectory(path: folder + "/run"))
    }
  }

  private func later(_ path: String, _ read: () throws -> Void) -> String {
    message { try read() }.replacing(path, with: "P")
  }

  private let sentence =
    "P: a later version of emnist wrote this (format 2, this one reads 1); use that version"

  @Test func laterFilesOfARunAreRefused() throws {
    try withRun { run in
      for path in [run.config, run.evaluation] {
        let text = String(decoding: try readFile(path), as: UTF8.self)
        try AtomicFile.write(
          text: text.replacing("\"schema\": 1", with: "\"schema\": 2"), to: path)
      }
      #expect(
        later(run.config) { _ = try LayeredConfiguration(recordedIn: run.config) } == sentence)
      #expect(later(run.evaluation) { _ = try RecordedTest(reading: run.evaluation) } == sentence)
      var file = try SafetensorsFile.read(path: run.best)
      file.metadata = file.metadata.map { $0.key == "emnist.schema" ? ($0.key, "2") : $0 }
      try file.checksummed.write(to: run.best)
      let device = Device(threads: 1)
      #expect(later(run.best) { _ = try Checkpoint.read(run.best, on: device) } == sentence)
    }
    let error = #expect(throws: FormatVersion.self) {
      try FormatVersion.check(2, of: "p", exitCode: .configuration)
    }
    #expect(error?.exitCode == .configuration)
  }

  /// What a file says that holds no tensor as large is no reason to allocate it.
  @Test func aDescriptionBeyondTheFileIsRefused() throws {
    try withRun { run in
      var file = try SafetensorsFile.read(path: run.best)
      file.metadata = file.metadata.map {
        $0.key == "emnist.model"
          ? ($0.key, $0.value.replacing("\"units\":8", with: "\"units\":60000")) : $0
      }
      try file.checksummed.write(to: run.best)
      #expect(
        later(run.best) { _ = try Checkpoint.read(run.best, on: Device(threads: 1)) }
          == "P: metadata 'emnist.model' is not that of the tensors beside it; the file is damaged "
          + "or was edited")
    }
  }
}
