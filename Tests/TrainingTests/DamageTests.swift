import Datasets
import Interchange
import NN
import Support
import Tensor
import Testing
import TestSupport
import TrainingFixtures

@testable import Training

@Suite struct DamageTests {
  /// The smallest checkpoint there is.
  private func checkpoint() throws -> [UInt8] {
    let model = try Model(
      ModelDescription(name: "m", layers: [Flatten(), Dense(.classes)]), inputShape: [2, 2, 1],
      classes: 2, seed: 1, on: Device(threads: 1))
    return try withTemporaryDirectory { folder in
      let path = folder + "/c.safetensors"
      try Checkpoint(
        model: model, classes: ClassTable(labels: ["a", "b"]),
        normalization: Normalization(mean: 0.1, standardDeviation: 0.3), dataset: "d", epoch: 1,
        step: 2
      ).write(model, to: path)
      return try readFile(path)
    }
  }

  /// All that a file says but for its checks.
  private func content(_ file: SafetensorsFile) -> ([String], [SafetensorsTensor]) {
    (
      file.metadata.filter { $0.key.hasPrefix("emnist.") && !$0.value.hasPrefix("{\"header") }
        .map { "\($0.key)=\($0.value)" }.sorted(), file.tensors.sorted { $0.name < $1.name }
    )
  }

  /// A byte is changed by one bit and by many; what is read in spite of it says the same.
  @Test func noChangedByteOfACheckpointPassesUnseen() throws {
    let whole = try checkpoint()
    let expected = content(try SafetensorsFile(parsing: whole, path: "c"))
    var passed = 0
    for place in whole.indices {
      for flip in [UInt8(1) << UInt8(place % 8), 0x55] {
        var bytes = whole
        bytes[place] ^= flip
        do {
          let found = content(try SafetensorsFile(parsing: bytes, path: "c"))
          #expect(found == expected, "byte \(place)")
          passed += 1
        } catch {
          #expect((error as? any UserError)?.exitCode == .dataError, "byte \(place): \(error)")
          #expect("\(error)".hasPrefix("c: ") && !"\(error)".contains("\n"))
        }
      }
    }
    // In the name of the checks, which are none then.
    #expect(passed <= 2 * SafetensorsFile.checksumKey.utf8.count)
  }

  @Test func theDamagedTensorIsNamed() throws {
    var bytes = try checkpoint()
    bytes[bytes.count - 1] ^= 1
    #expect(
      message { _ = try SafetensorsFile(parsing: bytes, path: "c") }
        == "c: tensor 'fc1.weight' does not fit its checksum; the file is damaged or was edited, "
        + "take it from a copy")
    bytes = try checkpoint()
    let place = try #require(bytes.firstRange(of: #"std":"0.3"#.utf8)?.upperBound)
    bytes[place - 1] = UInt8(ascii: "4")
    #expect(
      message { _ = try SafetensorsFile(parsing: bytes, path: "c") }
        == "c: the header does not fit its checksum; the file is damaged or was edited, "
        + "take it from a copy")
  }

  /// As programs leave it that know nothing of checks, or shuffle the metadata.
  @Test func checksAreOptionalAndIndependentOfTheMetadatasOrder() throws {
    var file = try SafetensorsFile(parsing: checkpoint(), path: "c")
    file.metadata.reverse()
    let reversed = try SafetensorsFile(parsing: file.encoded(), path: "c")
    #expect(content(reversed) == content(file))
    file.metadata.removeAll { $0.key == SafetensorsFile.checksumKey }
    file.metadata.append(("emnist.note", "edited"))
    #expect(
      try SafetensorsFile(parsing: file.encoded(), path: "c")[metadata: "emnist.note"] == "edited")
  }

  /// Every digit of the tables is changed in turn; a run's times decide nothing.
  @Test func aChangedDigitOfARunsTablesIsSeen() throws {
    try withTemporaryDirectory { folder in
      _ = try TrainingFixtures.session(["epochs": "2", "log_steps": "true"], in: folder)
        .train(Witness())
      let run = RunDirectory(path: folder + "/run")
      for (path, free) in [(run.history, [1, 2]), (run.steps, [])] {
        let whole = try readFile(path)
        let start = try #require(whole.firstIndex(of: UInt8(ascii: "\n"))) + 1
        var column = 0
        for place in start..<whole.count {
          if whole[place] == UInt8(ascii: ",") { column += 1 }
          if whole[place] == UInt8(ascii: "\n") { column = 0 }
          guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(whole[place]) else { continue }
          var bytes = whole
          bytes[place] ^= 1
          // The seventeenth digit may be below half a unit in a number's last place.
          let isSame =
            String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(numbers)
            == String(decoding: whole, as: UTF8.self).split(separator: "\n").map(numbers)
          guard !free.contains(column), !isSame else { continue }
          try AtomicFile.write(bytes, to: path)
          #expect(
            throws: (any Error).self, "\(path) byte \(place)"
          ) { _ = try SavedTraining(reading: run) }
        }
        try AtomicFile.write(whole, to: path)
      }
      #expect(message { _ = try SavedTraining(reading: run) } == "no error, but ()")
      FileSystem.removeFile(run.steps)
      #expect(throws: FileError.missing(path: run.steps)) { _ = try SavedTraining(reading: run) }
    }
  }

  private func numbers(_ row: Substring) -> [Double?] {
    row.split(separator: ",").map { Double($0) }
  }
}
