import Support

/// The fields of a Protocol Buffers message that was read, in the file's order.
///
/// What a field means is up to whoever asks for it: numbers are read packed and unpacked alike.
struct ProtobufFields {
  private enum Value {
    case number(UInt64)
    case bytes(ArraySlice<UInt8>)
  }

  private var fields: [(number: Int, value: Value)] = []
  private let path: String

  /// Reads the fields of a message, those of messages within it only when they are asked for.
  ///
  /// - Throws: ``ProtobufError`` where a field breaks off or is of an unknown kind.
  init(parsing bytes: ArraySlice<UInt8>, path: String) throws {
    self.path = path
    var rest = bytes
    while !rest.isEmpty {
      let key = try rest.takeVarint(path)
      let number = Int(key >> 3)
      switch key & 7 {
      case 0: fields.append((number, .number(try rest.takeVarint(path))))
      case 1: fields.append((number, .number(try rest.takeNumber(bytes: 8, path))))
      case 5: fields.append((number, .number(try rest.takeNumber(bytes: 4, path))))
      case 2:
        let count = try rest.takeVarint(path)
        guard count <= UInt64(rest.count) else { throw ProtobufError(path: path) }
        fields.append((number, .bytes(rest.prefix(Int(count)))))
        rest = rest.dropFirst(Int(count))
      default: throw ProtobufError(path: path)
      }
    }
  }

  private func values(_ field: Int) -> [Value] {
    fields.filter { $0.number == field }.map(\.value)
  }

  /// The contents of a field that may occur several times.
  func contents(_ field: Int) -> [ArraySlice<UInt8>] {
    values(field).compactMap { if case .bytes(let bytes) = $0 { bytes } else { nil } }
  }

  /// The messages of a field.
  ///
  /// - Throws: ``ProtobufError`` if one of them is none.
  func messages(_ field: Int) throws -> [ProtobufFields] {
    try contents(field).map { try ProtobufFields(parsing: $0, path: path) }
  }

  /// The message of a field that must be there once.
  func message(_ field: Int) throws -> ProtobufFields {
    guard let message = try messages(field).last else { throw ProtobufError(path: path) }
    return message
  }

  /// Which fields there are.
  var numbers: [Int] { fields.map(\.number) }

  func texts(_ field: Int) -> [String] {
    contents(field).map { String(decoding: $0, as: UTF8.self) }
  }

  func text(_ field: Int) -> String { texts(field).last ?? "" }

  /// The whole numbers of a field, each in a field of its own or packed.
  ///
  /// - Throws: ``ProtobufError`` if packed ones break off.
  func integers(_ field: Int) throws -> [Int] {
    try values(field).flatMap { value -> [Int] in
      switch value {
      case .number(let number): return [Int(Int64(bitPattern: number))]
      case .bytes(var bytes):
        var numbers: [Int] = []
        while !bytes.isEmpty {
          numbers.append(Int(Int64(bitPattern: try bytes.takeVarint(path))))
        }
        return numbers
      }
    }
  }

  /// The last whole number of a field; 0, as everywhere in proto3, if it is not there.
  func integer(_ field: Int) throws -> Int { try integers(field).last ?? 0 }

  /// The numbers of a field, single or packed.
  func floats(_ field: Int) -> [Float] {
    values(field).flatMap { value -> [Float] in
      switch value {
      case .number(let number): [Float(bitPattern: UInt32(truncatingIfNeeded: number))]
      case .bytes(let bytes): [Float](littleEndian: bytes)
      }
    }
  }

  func float(_ field: Int) -> Float { floats(field).last ?? 0 }
}

extension ArraySlice<UInt8> {
  fileprivate mutating func takeVarint(_ path: String) throws -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 64, by: 7) {
      guard let byte = popFirst() else { throw ProtobufError(path: path) }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw ProtobufError(path: path)
  }

  fileprivate mutating func takeNumber(bytes count: Int, _ path: String) throws -> UInt64 {
    guard self.count >= count else { throw ProtobufError(path: path) }
    defer { removeFirst(count) }
    return prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}

extension [Float] {
  /// The floats that bytes hold, the lowest byte of each first; what is left over is none.
  init(littleEndian bytes: ArraySlice<UInt8>) {
    let start = bytes.startIndex
    self = (0..<bytes.count / 4).map { place in
      let word = (0..<4).reduce(UInt32(0)) {
        $0 | UInt32(bytes[start + 4 * place + $1]) << UInt32(8 * $1)
      }
      return Float(bitPattern: word)
    }
  }
}

/// A message that breaks off.
public struct ProtobufError: UserError, Equatable {
  public let path: String
  public var exitCode: ExitCode { .dataError }
  public var description: String {
    "\(path): is not a whole message of Protocol Buffers; the file is damaged or of another format"
  }
}
