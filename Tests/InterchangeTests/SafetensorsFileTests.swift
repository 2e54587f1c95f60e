import Foundation
import Interchange
import Support
import Testing

@Suite struct SafetensorsFileTests {
  /// F32 tensors b = [0.5, -0.5] and w = [[1, 2], [3, 4]] as the reference implementation,
  /// safetensors 0.8.0, writes them.
  static let golden: [UInt8] =
    [0x70, 0, 0, 0, 0, 0, 0, 0]
    + Array(
      (#"{"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
        + #""w":{"dtype":"F32","shape":[2,2],"data_offsets":[8,24]}}  "#).utf8)
    + [0, 0, 0, 0x3F, 0, 0, 0, 0xBF]
    + [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 0, 0, 0x80, 0x40]

  private var example: SafetensorsFile {
    SafetensorsFile(tensors: [
      SafetensorsTensor(name: "w", shape: [2, 2], values: [1, 2, 3, 4] as [Float]),
      SafetensorsTensor(name: "b", shape: [2], values: [0.5, -0.5] as [Float]),
    ])
  }

  @Test func writingGivesTheReferenceBytes() { #expect(example.encoded() == Self.golden) }

  @Test func readingGivesTheTensorsBack() throws {
    let file = try SafetensorsFile(parsing: Self.golden, path: "a")
    #expect(file.tensors.map(\.name) == ["b", "w"])
    #expect(file.tensors.map(\.shape) == [[2], [2, 2]])
    #expect(try file.floats(named: "w") == [1, 2, 3, 4])
    #expect(try file.floats(named: "b") == [0.5, -0.5])
  }

  /// Larger elements come first and names are ordered by bytes: I64, F64, F32, U32, U8.
  @Test func everyElementTypeComesBackAndLargerOnesComeFirst() throws {
    let file = SafetensorsFile(
      metadata: [("format", "pt")],
      tensors: [
        SafetensorsTensor(name: "u8", shape: [3], values: [1, 2, 255] as [UInt8]),
        SafetensorsTensor(name: "é", shape: [], values: [1.5] as [Float]),
        SafetensorsTensor(name: "Z", shape: [0, 4], values: [] as [Float]),
        SafetensorsTensor(name: "a", shape: [1], values: [2] as [Float]),
        SafetensorsTensor(name: "f64", shape: [1], values: [.pi] as [Double]),
        SafetensorsTensor(name: "i64", shape: [2], values: [-1, .max] as [Int64]),
        SafetensorsTensor(name: "u32", shape: [1], values: [.max] as [UInt32]),
        SafetensorsTensor(name: "half", dtype: .f16, shape: [1], bytes: [0, 0x3C]),
      ])
    let bytes = file.encoded()
    let back = try SafetensorsFile(parsing: bytes, path: "a")
    #expect(back.tensors.map(\.name) == ["i64", "f64", "Z", "a", "é", "u32", "half", "u8"])
    #expect(back[metadata: "format"] == "pt")
    #expect(try back.values(named: "i64") == [-1, .max] as [Int64])
    #expect(try back.values(named: "f64") == [.pi] as [Double])
    #expect(try back.values(named: "u32") == [.max] as [UInt32])
    #expect(try back.values(named: "u8") == [1, 2, 255] as [UInt8])
    #expect(try back.floats(named: "é") == [1.5])
    #expect(try back.tensor(named: "é").shape == [])
    #expect(try back.tensor(named: "half").bytes == [0, 0x3C])
    #expect(back.encoded() == bytes)
    #expect(bytes[0] % 8 == 0)
  }

  @Test func metadataKeepsItsOrder() throws {
    let file = SafetensorsFile(metadata: [("z", "1"), ("a", "\"quoted\"\n")])
    let back = try SafetensorsFile(parsing: file.encoded(), path: "a")
    #expect(back.metadata.map(\.key) == ["z", "a"])
    #expect(back[metadata: "a"] == "\"quoted\"\n")
    #expect(back[metadata: "b"] == nil)
  }

  @Test func fileRoundTripsThroughTheDisk() throws {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("safetensors-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let path = directory.appendingPathComponent("w.safetensors").path
    try example.write(to: path)
    #expect(try SafetensorsFile.read(path: path).floats(named: "w") == [1, 2, 3, 4])
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).count == 1)
    #expect(throws: FileError.missing(path: path + "x")) {
      try SafetensorsFile.read(path: path + "x")
    }
  }

  @Test func aMissingTensorNamesTheNearest() throws {
    let file = try SafetensorsFile(
      parsing: SafetensorsFile(tensors: [
        SafetensorsTensor(name: "fc1.weight", shape: [1], values: [0] as [Float])
      ]).encoded(), path: "best.safetensors")
    #expect(
      message { try file.floats(named: "fc2.weight") }
        == "best.safetensors: no tensor is named 'fc2.weight', the nearest is 'fc1.weight'; "
        + "use the file of the same model")
    #expect(
      message { try file.floats(named: "x") }
        == "best.safetensors: no tensor is named 'x'; use the file of the same model")
    #expect(
      message { try file.values(named: "fc1.weight", of: Int64.self) }
        == "best.safetensors: tensor 'fc1.weight' holds F32, expected I64")
  }

  private func message(_ body: () throws -> some Any) -> String? {
    do {
      _ = try body()
      return nil
    } catch {
      return (error as? any UserError)?.description
    }
  }
}
