/// The fields of a Protocol Buffers message, in the order in which they are added.
///
/// Google, "Protocol Buffers: encoding" (protobuf.dev), proto3.
struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  init(_ build: (inout ProtobufMessage) -> Void = { _ in }) { build(&self) }

  mutating func add(_ field: Int, _ value: Int) {
    addKey(field, wireType: 0)
    addVarint(UInt64(bitPattern: Int64(value)))
  }

  mutating func add(_ field: Int, _ value: Bool) { add(field, value ? 1 : 0) }

  mutating func add(_ field: Int, _ value: Double) {
    addKey(field, wireType: 1)
    bytes += littleEndian(value.bitPattern)
  }

  mutating func add(_ field: Int, _ value: Float) {
    addKey(field, wireType: 5)
    bytes += littleEndian(value.bitPattern)
  }

  mutating func add(_ field: Int, _ text: String) { add(field, bytes: Array(text.utf8)) }

  mutating func add(_ field: Int, _ build: (inout ProtobufMessage) -> Void) {
    add(field, bytes: ProtobufMessage(build).bytes)
  }

  /// Numbers in one field, as proto3 packs them.
  mutating func add(_ field: Int, packed values: [Float]) {
    add(field, bytes: values.flatMap { littleEndian($0.bitPattern) })
  }

  /// Whole numbers in one field, as proto3 packs them.
  mutating func add(_ field: Int, packed values: [Int]) {
    var content = ProtobufMessage()
    for value in values { content.addVarint(UInt64(bitPattern: Int64(value))) }
    add(field, bytes: content.bytes)
  }

  mutating func add(_ field: Int, bytes content: [UInt8]) {
    addKey(field, wireType: 2)
    addVarint(UInt64(content.count))
    bytes += content
  }

  private mutating func addKey(_ field: Int, wireType: Int) {
    addVarint(UInt64(field << 3 | wireType))
  }

  private mutating func addVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
