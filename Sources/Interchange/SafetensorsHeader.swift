import Support

let metadataKey = "__metadata__"

/// The checked header of a safetensors file.
struct SafetensorsHeader {
  /// The reference reader's limit, in bytes.
  static let maximumCount = 100_000_000

  struct Entry {
    let name: String
    let dtype: SafetensorsDType
    let shape: [Int]
    /// First byte, counted from the start of the data.
    let begin: Int
    let end: Int
    var byteCount: Int { end - begin }
  }

  private(set) var metadata: [(key: String, value: String)] = []
  /// In the header's order.
  private(set) var entries: [Entry] = []
  /// Where in the file the tensors' bytes start.
  let dataStart: Int
  private let path: String

  init(parsing bytes: [UInt8], path: String) throws {
    self.path = path
    guard bytes.count >= 8 else {
      throw SafetensorsError(path: path, problem: .tooShort(bytes: bytes.count))
    }
    let promised = bytes[..<8].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    guard promised <= Self.maximumCount else {
      throw SafetensorsError(path: path, problem: .headerTooLong(promised: promised))
    }
    dataStart = 8 + Int(promised)
    guard dataStart <= bytes.count else {
      throw failure(.headerCutShort(promised: Int(promised), found: bytes.count - 8))
    }
    let header = try JSONValue(
      parsing: Array(bytes[8..<dataStart]), path: "\(path): header", exitCode: .dataError)
    guard let members = header.object else { throw failure(.noObject(found: header.kind)) }
    for (key, value) in members {
      if key == metadataKey {
        metadata = try parseMetadata(value)
      } else {
        entries.append(try parseEntry(value, name: key))
      }
    }
    try checkTiling(dataCount: bytes.count - dataStart)
  }

  private func failure(_ problem: SafetensorsError.Problem) -> SafetensorsError {
    SafetensorsError(path: path, problem: problem)
  }

  private func failure(
    _ tensor: String, _ problem: SafetensorsError.TensorProblem
  ) -> SafetensorsError {
    failure(.tensor(tensor, problem))
  }

  private func parseMetadata(_ value: JSONValue) throws -> [(key: String, value: String)] {
    if value == .null { return [] }
    guard let members = value.object else { throw failure(.badMetadata(found: value.kind)) }
    return try members.map { key, value in
      guard let text = value.string else {
        throw failure(.badMetadataValue(key: key, found: value.excerpt))
      }
      return (key, text)
    }
  }

  private func parseEntry(_ value: JSONValue, name: String) throws -> Entry {
    guard let members = value.object else {
      throw failure(name, .noObject(found: value.kind))
    }
    let dtype = try parseDType(field("dtype", of: members, name), name)
    let shape = try parseShape(field("shape", of: members, name), name)
    let (begin, end) = try parseOffsets(field("data_offsets", of: members, name), name)
    switch Interchange::byteCount(dtype, shape) {
    case .overflows: throw failure(name, .tooLarge(shape: shape))
    case .partialByte:
      throw failure(name, .partialByte(dtype: dtype, shape: shape))
    case .bytes(let needed):
      guard needed == end - begin else {
        throw failure(
          name, .wrongSize(dtype: dtype, shape: shape, needed: needed, found: end - begin))
      }
    }
    return Entry(name: name, dtype: dtype, shape: shape, begin: begin, end: end)
  }

  private func field(_ key: String, of members: JSONObject, _ name: String) throws -> JSONValue {
    guard let value = members[key] else { throw failure(name, .missingField(key)) }
    return value
  }

  private func parseDType(_ value: JSONValue, _ name: String) throws -> SafetensorsDType {
    guard let dtype = value.string.flatMap(SafetensorsDType.init) else {
      throw failure(name, .unknownDType(found: value.excerpt))
    }
    return dtype
  }

  private func parseShape(_ value: JSONValue, _ name: String) throws -> [Int] {
    let sizes = value.array?.map(\.int)
    guard let sizes, sizes.allSatisfy({ $0 ?? -1 >= 0 }) else {
      throw failure(name, .badShape(found: value.excerpt))
    }
    return sizes.compactMap(\.self)
  }

  private func parseOffsets(_ value: JSONValue, _ name: String) throws -> (Int, Int) {
    guard let offsets = value.array?.compactMap(\.int), offsets.count == 2,
      value.array?.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1]
    else {
      throw failure(name, .badOffsets(found: value.excerpt))
    }
    return (offsets[0], offsets[1])
  }

  /// Tensors, sorted by offset, must fill the data from its first to its last byte.
  private func checkTiling(dataCount: Int) throws {
    var end = 0
    for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      if entry.begin > end {
        throw failure(entry.name, .hole(begin: entry.begin, previousEnd: end))
      }
      if entry.begin < end {
        throw failure(entry.name, .overlap(begin: entry.begin, previousEnd: end))
      }
      end = entry.end
    }
    if end > dataCount { throw failure(.dataCutShort(promised: end, found: dataCount)) }
    if end < dataCount { throw failure(.trailingBytes(promised: end, found: dataCount)) }
  }
}
