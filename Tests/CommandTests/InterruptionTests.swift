import Foundation
import Support
import Testing

@Suite struct InterruptionTests {
  @Test(arguments: zip([SIGINT, SIGTERM, SIGUSR1, SIGUSR2], [130, 143, 75, 75] as [Int32]))
  func everythingSoFarIsSaved(signal: Int32, code: Int32) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let training = try EndlessTraining(in: folder)
    let began = training.waitForAnEpoch()
    let end = training.end(with: signal)
    #expect(end.code == code)
    #expect(end.lastLine.hasPrefix("emnist: interrupted in epoch "))
    #expect(
      end.lastLine.hasSuffix(
        ", which ended early; the run so far is saved; "
          + "go on with 'emnist train --resume \(training.run)'"))
    #expect(began)
    #expect(training.process.terminationReason == .exit)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: training.run).sorted()
        .filter { $0 != "best-before.safetensors" } == [
          "best.safetensors", "config.json", "events.out.tfevents.emnist", "history.csv",
          "last.safetensors", "manifest.json",
        ])
    let history = String(decoding: try readFile(training.run + "/history.csv"), as: UTF8.self)
    #expect(history.hasSuffix("\n") && history.split(separator: "\n").count >= 2)
  }

  @Test(arguments: ["fold", "repeat"])
  func severalTrainingsSayWhichAreFinished(member: String) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let training = try EndlessTraining(in: folder, ["--\(member)s", "2"])
    #expect(training.waitForAnEpoch())
    let end = training.end(with: SIGINT)
    #expect(end.code == 130)
    #expect(
      end.lastLine
        == "emnist: interrupted in \(member) 1 of 2, which ended early; none is finished; "
        + "go on with 'emnist train --resume \(training.run)'")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: training.run).sorted()
        == [
          "\(member)-1", "manifest.json",
        ].sorted())
  }
}
