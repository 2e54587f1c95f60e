import Support

/// The content of an event file of TensorBoard: numbers over steps, and for its HPARAMS tab what a
/// training was tried with.
///
/// Each event is a record of TensorFlow: length, checksum, message, checksum. Tags, fields and the
/// plugin's messages are those of tensorflow/tensorboard's `event.proto`, `summary.proto` and
/// `plugins/hparams/plugin_data.proto`.
public struct TensorBoardEvents: Sendable {
  /// The whole file.
  public private(set) var bytes: [UInt8] = []

  /// An event file that holds nothing yet.
  ///
  /// - Parameter time: in seconds since 1970, as that of all events.
  public init(time: Double) {
    add(time: time, step: 0) { $0.add(3, "brain.Event:2") }
  }

  /// The time of the first event of a file; `nil` if there is no such file.
  public static func time(ofFile path: String) -> Double? {
    // Length, checksum and the field's key stand before it.
    guard let bytes = try? readFile(path), bytes.count >= 21, bytes[12] == 1 << 3 | 1 else {
      return nil
    }
    let time = Double(bitPattern: bytes[13..<21].reversed().reduce(0) { $0 << 8 | UInt64($1) })
    return time.isFinite ? time : nil
  }

  /// Adds numbers of one step. They are kept as `Float`; NaN and infinities are shown as such.
  public mutating func addScalars(
    _ values: [(tag: String, value: Double)], step: Int, time: Double
  ) {
    add(time: time, step: step) { event in
      event.add(5) { summary in
        for (tag, value) in values {
          summary.add(1) {
            $0.add(1, tag)
            $0.add(2, Float(value))
          }
        }
      }
    }
  }

  /// Adds a message of the hparams plugin, whose tensor is an empty one.
  mutating func addPluginData(_ tag: String, step: Int, time: Double, _ data: ProtobufMessage) {
    add(time: time, step: step) { event in
      event.add(5) { summary in
        summary.add(1) { value in
          value.add(1, "_hparams_/" + tag)
          // A vector of no floats.
          value.add(8, bytes: [0x08, 0x01, 0x12, 0x02, 0x12, 0x00])
          value.add(9) { metadata in
            metadata.add(1) {
              $0.add(1, "hparams")
              $0.add(2, bytes: data.bytes)
            }
          }
        }
      }
    }
  }

  /// Adds an event.
  mutating func add(
    time: Double, step: Int, _ content: (inout ProtobufMessage) -> Void
  ) {
    let event = ProtobufMessage {
      $0.add(1, time)
      // What has its default value is left out.
      if step != 0 { $0.add(2, step) }
      content(&$0)
    }
    let length = littleEndian(UInt64(event.bytes.count))
    bytes += length + littleEndian(CRC32C.masked(length))
    bytes += event.bytes + littleEndian(CRC32C.masked(event.bytes))
  }
}

/// Castagnoli's cyclic redundancy check, reflected, as TensorFlow's records have it.
///
/// Castagnoli, Bräuer and Herrmann, "Optimization of cyclic redundancy-check codes with 24 and 32
/// parity bits", 1993; Williams, "A painless guide to CRC error detection algorithms", 1993.
enum CRC32C {
  private static let table = (0..<256).map { byte in
    var rest = UInt32(byte)
    for _ in 0..<8 {
      let isOdd = rest & 1 == 1
      rest >>= 1
      if isOdd { rest ^= 0x82F6_3B78 }
    }
    return rest
  }

  static func checksum(of bytes: [UInt8]) -> UInt32 {
    var rest = UInt32.max
    for byte in bytes {
      let index = UInt8(truncatingIfNeeded: rest) ^ byte
      rest = rest >> 8 ^ table[Int(index)]
    }
    return ~rest
  }

  /// Rotated and shifted, so that a checksum of data which holds checksums is no weaker.
  static func masked(_ bytes: [UInt8]) -> UInt32 {
    let checksum = checksum(of: bytes)
    return (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
  }
}

/// The bytes of a number, the lowest first.
func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  stride(from: 0, to: value.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: value >> $0) }
}
