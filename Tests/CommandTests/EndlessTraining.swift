import Datasets
import Formats
import Foundation
import Support
import Testing

/// A training that goes on until a signal comes.
struct EndlessTraining {
  let process = Process()
  let errors = Pipe()
  let run: String
  /// What decides its result, without directory and length.
  let words: [String]

  /// Starts the built program on a few images in `folder`.
  init(in folder: String, _ words: [String] = []) throws {
    run = folder + "/run"
    let pixels = (0..<40 * 784).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
    let images = ImageSet(
      height: 28, width: 28, pixels: pixels, labels: (0..<40).map { UInt16($0 % 10) })
    try AtomicFile.write(images.imagesFile.encoded(), to: folder + "/images")
    try AtomicFile.write(images.labelsFile.encoded(), to: folder + "/labels")
    let program = try #require(ProgramResult.program)
    process.executableURL = program
    self.words =
      [
        "train", "--train-images", folder + "/images", "--train-labels", folder + "/labels",
        "--model", "mlp", "--hidden", "8", "--threads", "1",
        // Should a signal get lost, the test fails instead of waiting for ever.
        "--max-time", "30s",
      ] + words
    process.arguments = self.words + ["--epochs", "1000000", "--out", run]
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
