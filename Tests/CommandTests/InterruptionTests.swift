import Datasets
import Foundation
import Support
import Testing

/// A training that goes on until a signal comes.
private struct EndlessTraining {
  let process = Process()
  let errors = Pipe()
  let run: String

  /// Starts the built program on a few images in `folder`.
  init(in folder: String, _ words: [String] = []) throws {
    run = folder + "/run"
    let pixels = (0..<40 * 784).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
    let images = ImageSet(
      height: 28, width: 28, pixels: pixels, labels: (0..<40).map { UInt8($0 % 10) })
    try AtomicFile.write(images.imagesFile.encoded(), to: folder + "/images")
    try AtomicFile.write(images.labelsFile.encoded(), to: folder + "/labels")
    let program = try #require(ProgramResult.program)
    process.executableURL = program
    process.arguments =
      [
        "train", "--train-images", folder + "/images", "--train-labels", folder + "/labels",
        "--model", "mlp", "--hidden", "8", "--epochs", "1000000", "--threads", "1", "--out", run,
        // Should a signal get lost, the test fails instead of waiting for ever.
        "--max-time", "30s",
      ] + words
    process.environment = ProcessInfo.processInfo.environment.filter {
      !$0.key.hasPrefix("EMNIST_")
    }
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
  }

  /// Waits for the line of the first epoch; whether it came.
  func waitForAnEpoch() -> Bool {
    var text = ""
    while !text.split(separator: "\n").contains(where: { $0.hasPrefix("epoch") }) {
      let data = errors.fileHandleForReading.availableData
      guard !data.isEmpty else { return false }
      text += String(decoding: data, as: UTF8.self)
    }
    return true
  }

  /// Sends `signal` and waits for the end: the code, and the last line of what is said until then.
  func end(with signal: Int32) -> (code: Int32, lastLine: String) {
    kill(process.processIdentifier, signal)
    let rest = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, rest.split(separator: "\n").last.map(String.init) ?? "")
  }
}

@Suite struct InterruptionTests {
  @Test(arguments: zip([SIGINT, SIGTERM], [130, 143] as [Int32]))
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
        ", which ended early; the run so far is saved, test it with 'emnist eval \(training.run)'"))
    #expect(began)
    #expect(training.process.terminationReason == .exit)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: training.run).sorted()
        == ["best.safetensors", "config.json", "history.csv", "last.safetensors"])
    let history = String(decoding: try readFile(training.run + "/history.csv"), as: UTF8.self)
    #expect(history.hasSuffix("\n") && history.split(separator: "\n").count >= 2)
  }

  @Test func aCrossValidationSaysWhichFoldsAreFinished() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let training = try EndlessTraining(in: folder, ["--folds", "2"])
    #expect(training.waitForAnEpoch())
    let end = training.end(with: SIGINT)
    #expect(end.code == 130)
    #expect(
      end.lastLine
        == "emnist: interrupted in fold 1 of 2, which ended early; none is finished")
    #expect(try FileManager.default.contentsOfDirectory(atPath: training.run) == ["fold-1"])
  }
}
