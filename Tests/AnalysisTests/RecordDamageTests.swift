import Support
import Testing
import TestSupport
import Training
import TrainingFixtures

@testable import Analysis

@Suite struct RecordDamageTests {
  /// The result of a small training, tested.
  private func withTest(_ body: (RunDirectory) throws -> Void) throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(["epochs": "1"], in: folder)
      _ = try session.train(Witness())
      let result = try session.test()
      _ = try #require(result)
      try body(RunDirectory(path: folder + "/run"))
    }
  }

  /// Writes `path` with each digit changed in turn, every seventh place of it.
  private func changes(_ path: String, _ body: (Int) throws -> Void) throws {
    let whole = try readFile(path)
    for place in stride(from: 0, to: whole.count, by: 7)
    where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(whole[place]) {
      var bytes = whole
      bytes[place] ^= 1
      try AtomicFile.write(bytes, to: path)
      try body(place)
    }
    try AtomicFile.write(whole, to: path)
  }

  /// What a file says; of JSON without its checksum.
  private func content(_ path: String) -> String? {
    guard let bytes = try? readFile(path) else { return nil }
    guard var json = try? JSONValue(parsing: bytes, path: path).object else {
      return String(decoding: bytes, as: UTF8.self)
    }
    for key in json.keys where key.hasPrefix("crc") { json[key] = nil }
    return JSONValue.object(json).text()
  }

  @Test func aChangedDigitOfATestIsSeen() throws {
    try withTest { run in
      for path in [run.evaluation, run.predictions] {
        let whole = content(path)
        try changes(path) { place in
          // The last digit of a number may say nothing.
          guard content(path) != whole else { return }
          #expect(throws: (any Error).self, "\(path) byte \(place)") {
            try RunRecord(reading: run)
          }
        }
      }
      let record = try RunRecord(reading: run)
      #expect(record.predictions.count == record.test?.count)
    }
  }

  @Test func theDamagedFileIsNamed() throws {
    try withTest { run in
      let predictions = String(decoding: try readFile(run.predictions), as: UTF8.self)
      try AtomicFile.write(text: predictions.replacing("\n", with: "\r\n"), to: run.predictions)
      #expect(
        message { _ = try RunRecord(reading: run) }
          == "\(run.predictions): does not fit the checksum in evaluation.json; "
          + "the file is damaged or was edited")
      let evaluation = String(decoding: try readFile(run.evaluation), as: UTF8.self)
      try AtomicFile.write(
        text: evaluation.replacing("\"part\": \"test\"", with: "\"part\": \"tesu\""),
        to: run.evaluation)
      #expect(
        message { _ = try RunRecord(reading: run) }
          == "\(run.evaluation): does not fit its checksum; the file is damaged or was edited")
    }
  }
}
