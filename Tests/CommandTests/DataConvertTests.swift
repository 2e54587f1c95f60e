import Datasets
import Foundation
import Support
import Testing

@testable import emnist

@Suite struct DataConvertTests {
  @Test func whatToWriteIsNeededAndTellsTheLayout() throws {
    #expect(
      message { _ = try command(DataConvertCommand.self, "mnist") }
        == "'emnist convert' needs '--out PATH'; see 'emnist convert --help'")
    #expect(try command(DataConvertCommand.self, "mnist -o a.NPZ").layout == .npz)
    #expect(try command(DataConvertCommand.self, "mnist -o a").layout == .idx)
    #expect(try command(DataConvertCommand.self, "mnist -o a --to folders").layout == .folders)
    // A name is one of a data set unless something of that name is there.
    #expect(try command(DataConvertCommand.self, "mnist -o a").request.name == "mnist")
    #expect(try command(DataConvertCommand.self, "/tmp -o a").request.directory == "/tmp")
  }

  @Test func whatShipsIsWrittenUprightAndNeverTwice() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Data").path
    let words = ["data", "convert", data, "-o", folder + "/upright"]
    let first = try ProgramResult(words)
    #expect(first.code == 0 && first.errors == "")
    #expect(first.output.hasPrefix("turned upright"))
    #expect(first.output.hasSuffix("\nNext: emnist train --data \(folder)/upright\n"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/upright")
    #expect(names.count == 5 && !names.contains { $0.hasPrefix("emnist-") })
    let second = try ProgramResult(words)
    #expect(
      second.errors
        == "emnist: \(folder)/upright: is there already and is not overwritten; choose another "
        + "name\n")
    #expect(second.code == 73)
    // The images are the same, and no longer on their side.
    func info(_ place: String) throws -> JSONValue {
      let result = try ProgramResult(["data", "info", "--data", place, "--json"])
      return try JSONValue(parsing: Array(result.output.utf8), path: "stdout")
    }
    let (before, after) = (try info(data), try info(folder + "/upright"))
    #expect(after["parts"] == before["parts"] && after["labels"] == before["labels"])
    #expect(after["transposed_on_disk"] == false)
  }
}
