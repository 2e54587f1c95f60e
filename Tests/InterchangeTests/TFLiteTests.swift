import NN
import TestSupport
import Testing

@testable import Interchange

@Suite struct TFLiteTests {
  @Test(arguments: ExportCase.all)
  func theFileComputesWhatTheModelDoes(_ example: ExportCase) throws {
    try NetworkFormat.tflite.expectToCompute(example, refusing: isOverTokens)
  }

  @Test func aFlatBufferIsReadAsItWasWritten() throws {
    let bytes = FlatBufferWriter(
      root: .table([
        0: .int32(-3), 1: .byte(200), 2: .string("né"), 4: .tables([.table([0: .float(0.5)])]),
        5: .bytes([1, 2, 3], alignment: 16), 6: .int32s([7, -8]),
      ]), identifier: "TEST"
    ).bytes
    let table = try FlatTable(bytes, identifier: "TEST", path: "x")
    #expect(try table.int32(0) == -3 && table.byte(1) == 200 && table.string(2) == "né")
    // What is not there has its default.
    #expect(try table.int32(3) == 0 && table.tables(9).isEmpty)
    #expect(try table.tables(4).map { try $0.float(0) } == [0.5])
    #expect(try Array(table.vector(5)) == [1, 2, 3] && table.int32s(6) == [7, -8])
    #expect(try table.vector(5).startIndex % 16 == 0)
  }

  @Test func aDamagedFileIsAnErrorAndNoTrap() throws {
    let network = try ExportCase.network(ExportCase.all[0].model())
    let bytes = try NetworkFormat.tflite.encode(network, ExportOptions())
    for count in [0, 7, 9, 40, bytes.count / 2] {
      #expect(throws: (any Error).self) {
        try TFLiteModel(parsing: Array(bytes.prefix(count)), path: "x.tflite")
      }
    }
  }
}
