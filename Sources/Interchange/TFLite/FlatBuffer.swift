import Support

/// A value of a FlatBuffer, as its writer takes it.
///
/// Google, "FlatBuffers: internals" (flatbuffers.dev).
indirect enum FlatValue: Sendable {
  case byte(Int)
  case int32(Int)
  case float(Float)
  case string(String)
  /// Fields by their slots.
  case table([Int: FlatValue])
  case tables([FlatValue])
  /// Bytes that begin at a multiple of `alignment`.
  case bytes([UInt8], alignment: Int)
  case int32s([Int])
  case int64s([Int])
  case floats([Float])
}

/// Writes a FlatBuffer from its front: a table first, then what it refers to.
struct FlatBufferWriter {
  private(set) var bytes: [UInt8] = []

  /// - Parameter identifier: four letters.
  init(root: FlatValue, identifier: String) {
    bytes = [0, 0, 0, 0] + Array(identifier.utf8)
    let place = write(root)
    patch(0, with: place)
  }

  private mutating func align(_ alignment: Int, offset: Int = 0) {
    while (bytes.count + offset) % alignment != 0 { bytes.append(0) }
  }

  /// Has the reference at `place` lead to `target`, which lies behind it.
  private mutating func patch(_ place: Int, with target: Int) {
    bytes.replaceSubrange(place..<place + 4, with: littleEndian(UInt32(target - place)))
  }

  /// Writes what a reference leads to.
  ///
  /// - Returns: where it begins.
  private mutating func write(_ value: FlatValue) -> Int {
    switch value {
    case .byte, .int32, .float: preconditionFailure("a scalar lies in its table")
    case .table(let fields): return writeTable(fields)
    case .string(let text): return writeVector(Array(text.utf8) + [0], count: text.utf8.count, 4)
    case .bytes(let content, let alignment):
      return writeVector(content, count: content.count, alignment)
    case .int32s(let values):
      return writeVector(values.flatMap { littleEndian(Int32($0)) }, count: values.count, 4)
    case .int64s(let values):
      return writeVector(values.flatMap { littleEndian(Int64($0)) }, count: values.count, 8)
    case .floats(let values):
      return writeVector(values.flatMap { littleEndian($0.bitPattern) }, count: values.count, 4)
    case .tables(let tables):
      let start = writeVector(
        [UInt8](repeating: 0, count: 4 * tables.count), count: tables.count, 4)
      for (index, table) in tables.enumerated() { patch(start + 4 + 4 * index, with: write(table)) }
      return start
    }
  }

  private mutating func writeVector(_ content: [UInt8], count: Int, _ alignment: Int) -> Int {
    align(4)
    align(max(4, alignment), offset: 4)
    let start = bytes.count
    bytes += littleEndian(UInt32(count)) + content
    return start
  }

  /// Where each field lies stands before the table.
  private mutating func writeTable(_ fields: [Int: FlatValue]) -> Int {
    let slots = (fields.keys.max() ?? -1) + 1
    var places = [Int](repeating: 0, count: slots)
    var content: [UInt8] = [0, 0, 0, 0]
    var references: [(offset: Int, value: FlatValue)] = []
    // Bytes last, so that all else lies at multiples of four.
    let sorted = fields.sorted { $0.key < $1.key }
    for (slot, value) in sorted.filter({ !$0.value.isByte }) + sorted.filter(\.value.isByte) {
      places[slot] = content.count
      switch value {
      case .byte(let number): content.append(UInt8(truncatingIfNeeded: number))
      case .int32(let number): content += littleEndian(Int32(number))
      case .float(let number): content += littleEndian(number.bitPattern)
      default:
        references.append((content.count, value))
        content += [0, 0, 0, 0]
      }
    }
    align(4)
    // The table begins at a multiple of four behind what says where its fields are.
    if (4 + 2 * slots) % 4 != 0 { bytes += [0, 0] }
    let description = bytes.count
    bytes += littleEndian(UInt16(4 + 2 * slots)) + littleEndian(UInt16(content.count))
    for place in places { bytes += littleEndian(UInt16(place)) }
    let table = bytes.count
    bytes += content
    bytes.replaceSubrange(table..<table + 4, with: littleEndian(Int32(table - description)))
    for (offset, value) in references { patch(table + offset, with: write(value)) }
    return table
  }
}

extension FlatValue {
  fileprivate var isByte: Bool { if case .byte = self { true } else { false } }
}

/// A table of a FlatBuffer that was read. What a damaged file leads to is an error.
struct FlatTable {
  private let bytes: [UInt8]
  private let place: Int
  private let path: String

  /// The root of a file.
  init(_ bytes: [UInt8], identifier: String, path: String) throws {
    guard bytes.count > 8, bytes[4..<8].elementsEqual(identifier.utf8) else {
      throw FlatBufferError(path: path)
    }
    try self.init(bytes, at: Self.word(bytes, 0, path), path)
  }

  private init(_ bytes: [UInt8], at place: Int, _ path: String) throws {
    (self.bytes, self.place, self.path) = (bytes, place, path)
    _ = try word(place)
  }

  private static func word(_ bytes: [UInt8], _ place: Int, _ path: String) throws -> Int {
    guard place >= 0, place + 4 <= bytes.count else { throw FlatBufferError(path: path) }
    return (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
  }

  private func word(_ place: Int) throws -> Int { try Self.word(bytes, place, path) }

  /// Where a field lies; `nil` if it has its default.
  private func place(of slot: Int) throws -> Int? {
    let description = place - Int(Int32(truncatingIfNeeded: try word(place)))
    guard description >= 0, description + 4 <= bytes.count else {
      throw FlatBufferError(path: path)
    }
    let size = try word(description) & 0xFFFF
    guard 4 + 2 * slot + 2 <= size else { return nil }
    let entry = description + 4 + 2 * slot
    guard entry + 2 <= bytes.count else { throw FlatBufferError(path: path) }
    let offset = Int(bytes[entry]) | Int(bytes[entry + 1]) << 8
    return offset == 0 ? nil : place + offset
  }

  func byte(_ slot: Int) throws -> Int {
    guard let place = try place(of: slot) else { return 0 }
    guard place < bytes.count else { throw FlatBufferError(path: path) }
    return Int(bytes[place])
  }

  func int32(_ slot: Int) throws -> Int {
    try place(of: slot).map { Int(Int32(truncatingIfNeeded: try word($0))) } ?? 0
  }

  func float(_ slot: Int, default usual: Float = 0) throws -> Float {
    try place(of: slot).map { Float(bitPattern: UInt32(try word($0))) } ?? usual
  }

  /// The bytes of a vector of elements of so many bytes; none if it is not there.
  func vector(_ slot: Int, elementSize: Int = 1) throws -> ArraySlice<UInt8> {
    guard let place = try place(of: slot) else { return [] }
    let start = place + (try word(place))
    let count = try word(start) * elementSize
    guard start + 4 + count <= bytes.count else { throw FlatBufferError(path: path) }
    return bytes[start + 4..<start + 4 + count]
  }

  func string(_ slot: Int) throws -> String { String(decoding: try vector(slot), as: UTF8.self) }

  func int32s(_ slot: Int) throws -> [Int] {
    let content = try vector(slot, elementSize: 4)
    return [Float](littleEndian: content).map { Int(Int32(bitPattern: $0.bitPattern)) }
  }

  func floats(_ slot: Int) throws -> [Float] {
    [Float](littleEndian: try vector(slot, elementSize: 4))
  }

  func table(_ slot: Int) throws -> FlatTable? {
    try place(of: slot).map { try FlatTable(bytes, at: $0 + (try word($0)), path) }
  }

  func tables(_ slot: Int) throws -> [FlatTable] {
    let content = try vector(slot, elementSize: 4)
    return try stride(from: content.startIndex, to: content.endIndex, by: 4).map {
      try FlatTable(bytes, at: $0 + (try word($0)), path)
    }
  }
}

/// A FlatBuffer that leads out of itself.
public struct FlatBufferError: UserError, Equatable {
  public let path: String
  public var exitCode: ExitCode { .dataError }
  public var description: String {
    "\(path): is not a whole FlatBuffer; the file is damaged or of another format"
  }
}
