import Foundation
import Support
import Testing

@testable import Interchange

@Suite struct TensorBoardEventsTests {
  private static let checksums: [(bytes: [UInt8], checksum: UInt32)] = [
    (Array("123456789".utf8), 0xE306_9283),
    ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
    ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
    (Array(0...31), 0x46DD_794E),
    (Array((0...31).reversed()), 0x113F_DB5C),
    ([], 0),
  ]

  @Test(arguments: checksums) func checksumsAreCastagnolis(bytes: [UInt8], checksum: UInt32) {
    #expect(CRC32C.checksum(of: bytes) == checksum)
  }

  @Test func masksAreThoseOfTheFormat() {
    #expect(CRC32C.masked(Array("123456789".utf8)) == 0xC78A_B0E5)
    #expect(CRC32C.masked([]) == 0xA282_EAD8)
  }

  /// The bytes are what TensorFlow writes for these events.
  @Test func recordsAreWrittenToTheLetter() {
    var events = TensorBoardEvents(time: 1_700_000_000)
    let first = """
      1800000000000000a37f4b220900000040fc54d9411a0d627261696e2e4576656e743a32eced8f9d
      """
    #expect(hex(events.bytes) == first)
    events.addScalars([("train/loss", 0.25)], step: 7, time: 1_700_000_001.5)
    #expect(
      hex(events.bytes) == first
        + "200000000000000029eda9500900006040fc54d94110072a130a110a0a747261696e2f6c6f737315"
        + "0000803e1d2b5fdf")
  }

  @Test func numbersHaveTheirVarints() {
    let message = ProtobufMessage {
      $0.add(1, 300)
      $0.add(2, -1)
      $0.add(16, true)
      $0.add(3) { $0.add(1, "é") }
    }
    #expect(hex(message.bytes) == "08ac02" + "10ffffffffffffffffff01" + "800101" + "1a040a02c3a9")
  }

  @Test func theTimeOfAFileIsItsFirstEvents() throws {
    let path = NSTemporaryDirectory() + "/\(UUID().uuidString).tfevents"
    defer { unlink(path) }
    #expect(TensorBoardEvents.time(ofFile: path) == nil)
    try AtomicFile.write(Array("something else, and not short".utf8), to: path)
    #expect(TensorBoardEvents.time(ofFile: path) == nil)
    try AtomicFile.write(TensorBoardEvents(time: 1_234.5).bytes, to: path)
    #expect(TensorBoardEvents.time(ofFile: path) == 1_234.5)
  }

  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String(format: "%02x", $0) }.joined()
  }
}
