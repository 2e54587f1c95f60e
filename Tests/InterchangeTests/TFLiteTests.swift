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

  @Test func theArenaHoldsWhatIsUsedAtTheSameTime() throws {
    var builder = TFLiteBuilder()
    // Read by all, then one after the other: at most three at once, of 16 bytes or multiples of them.
    let places = [1, 10, 40, 20].map { builder.add("\($0)", [1, $0]) }
    builder.add(.relu, [places[0]], to: places[1])
    builder.add(.add, [places[0], places[1]], to: places[2])
    builder.add(.relu, [places[2]], to: places[3])
    let network = try ExportCase.network(ExportCase.all[0].model())
    builder.finish(inputs: [places[0]], outputs: [places[3]], network)
    let kept = 752 + 24 * 4 + 131 * 3
    // 4, 40, 160 and 80 bytes: the second step needs 16 + 48 + 160 of them, the third 160 + 80.
    #expect(builder.model.arenaBytes == 240 + kept)
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
