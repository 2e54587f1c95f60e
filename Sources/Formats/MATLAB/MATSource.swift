import Support

/// The type of a data element.
enum MATType: Int {
  case int8 = 1
  case uint8 = 2
  case int16 = 3
  case uint16 = 4
  case int32 = 5
  case uint32 = 6
  case single = 7
  case double = 9
  case int64 = 12
  case uint64 = 13
  case matrix = 14
  case compressed = 15
  case utf8 = 16
  case utf16 = 17
  case utf32 = 18

  var name: String { "an element of type \(rawValue)" }

  /// What its numbers are, or `nil` if it holds none.
  var element: NumberArray.Element? {
    switch self {
    case .int8: .int8
    case .uint8, .utf8: .uint8
    case .int16: .int16
    case .uint16, .utf16: .uint16
    case .int32: .int32
    case .uint32, .utf32: .uint32
    case .single: .float32
    case .double: .float64
    case .int64: .int64
    case .uint64: .uint64
    case .matrix, .compressed: nil
    }
  }
}

/// What stands before the data of an element.
struct MATTag {
  let type: MATType
  /// The bytes of data, without what fills them up to a multiple of eight.
  let size: Int
  /// The data of at most four bytes that stand in the tag itself.
  let inside: [UInt8]?
}

/// A MATLAB file, or one compressed element of it, read from front to back.
final class MATSource {
  private let path: String
  private let isBigEndian: Bool
  /// The file, and how far it was read.
  private let file: [UInt8]
  private var position: Int
  /// Where the bytes come from instead, in a compressed element.
  private let stream: InflateStream?
  /// The bytes that are still to come; in a compressed element at most so many.
  private(set) var left: Int

  init(_ file: [UInt8], from position: Int, isBigEndian: Bool, path: String) {
    self.file = file
    self.position = position
    self.isBigEndian = isBigEndian
    self.path = path
    stream = nil
    left = file.count - position
  }

  private init(_ stream: InflateStream, most: Int, isBigEndian: Bool, path: String) {
    (file, position) = ([], 0)
    self.stream = stream
    self.isBigEndian = isBigEndian
    self.path = path
    left = most
  }

  func failure(_ problem: MATError.Problem) -> MATError { MATError(path: path, problem) }

  /// The compressed element of the next `size` bytes, as a source of its own.
  func inflating(_ size: Int) throws -> MATSource {
    let data = try bytes(size)
    // No deflate stream expands more than 1032 times.
    return MATSource(
      InflateStream(data, .zlib), most: min(1032 * size, Gzip.largestOutput),
      isBigEndian: isBigEndian, path: path)
  }

  /// - Throws: ``MATError`` unless a compressed element ends here.
  func checkEnd() throws {
    do {
      guard try stream?.isAtEnd() ?? (left == 0) else { throw failure(.surplus) }
    } catch let error as InflateError {
      throw failure(.damaged(error.reason))
    }
  }

  /// The next bytes; never more are allocated than can be there.
  func bytes(_ count: Int) throws -> [UInt8] {
    guard count <= left else { throw failure(.breaksOff(promised: count, found: left)) }
    left -= count
    guard let stream else {
      defer { position += count }
      return Array(file[position..<position + count])
    }
    do {
      let bytes = try stream.array(upTo: count)
      guard bytes.count == count else {
        throw failure(.breaksOff(promised: count, found: bytes.count))
      }
      return bytes
    } catch let error as InflateError {
      throw failure(.damaged(error.reason))
    }
  }

  /// Passes over bytes.
  func skip(_ count: Int) throws {
    var rest = count
    while rest > 0 {
      let piece = min(rest, 1 << 20)
      _ = try bytes(piece)
      rest -= piece
    }
  }

  func tag() throws -> MATTag {
    let head = try bytes(8)
    let (first, second) = (word(head, 0), word(head, 4))
    // A size in the upper half makes the tag a small element, with its data behind.
    let isSmall = first >> 16 != 0
    let size = isSmall ? first >> 16 : second
    guard let type = MATType(rawValue: first & 0xFFFF), !isSmall || size <= 4 else {
      throw failure(.unexpected("an element of type \(first & 0xFFFF)"))
    }
    guard size <= (isSmall ? 4 : left) else {
      throw failure(.breaksOff(promised: size, found: left))
    }
    return MATTag(type: type, size: size, inside: isSmall ? Array(head[4..<4 + size]) : nil)
  }

  /// The data of an element, and what fills them up to a multiple of eight passed over.
  private func data(_ tag: MATTag) throws -> [UInt8] {
    if let inside = tag.inside { return inside }
    let data = try bytes(tag.size)
    // The very last element may go without.
    try skip(min((8 - tag.size % 8) % 8, left))
    return data
  }

  /// The data of an element that must be of that type and size.
  func contents(of type: MATType, size: Int) throws -> [UInt8] {
    let tag = try tag()
    guard tag.type == type, tag.size == size else {
      throw failure(.unexpected("\(tag.type.name) with \(tag.size) bytes"))
    }
    return try data(tag)
  }

  /// A whole number that stands alone.
  func number() throws -> Int { word(try contents(of: .int32, size: 4), 0) }

  /// The sizes of a matrix's dimensions.
  func shape() throws -> [Int] {
    let tag = try tag()
    guard tag.type == .int32, tag.size % 4 == 0, (8...4 * 32).contains(tag.size) else {
      throw failure(.unexpected("\(tag.type.name) for a shape"))
    }
    let data = try data(tag)
    let shape = stride(from: 0, to: data.count, by: 4).map { word(data, $0) }
    guard shape.allSatisfy({ $0 < 1 << 31 }) else {
      throw failure(.unexpected("a shape of \(NumberArray.text(of: shape))"))
    }
    return shape
  }

  /// The bytes of a name.
  func texts() throws -> [UInt8] {
    let tag = try tag()
    guard [.int8, .uint8, .utf8].contains(tag.type) else {
      throw failure(.unexpected("\(tag.type.name) for a name"))
    }
    return try data(tag)
  }

  /// The number of a structure's or cell array's parts, each of which takes eight bytes.
  func count(_ shape: [Int], of fields: Int) throws -> Int {
    guard let count = NumberArray.byteCount(.uint8, shape),
      fields == 0 || count <= left / 8 / fields
    else { throw failure(.unexpected("a shape of \(NumberArray.text(of: shape))")) }
    return fields == 0 ? 0 : count
  }

  /// The numbers of a matrix of that shape.
  func numbers(_ shape: [Int]) throws -> MATFile.Array {
    let (element, data) = try elements()
    guard NumberArray.byteCount(element, shape) == data.count else {
      throw failure(
        .length(shape: shape, bytes: data.count, type: element.rawValue))
    }
    return MATFile.Array(element: element, shape: shape, bytes: data)
  }

  /// The characters of a matrix, row by row if there are several.
  func text(_ shape: [Int]) throws -> String {
    let (element, data) = try elements()
    if element == .uint8 || element == .int8 { return String(decoding: data, as: UTF8.self) }
    let codes = NumberArray(
      element, [data.count / element.size], bytes: data, isBigEndian: isBigEndian)
    let units = (codes.integers() ?? []).map(UInt16.init(clamping:))
    return String(decoding: units, as: UTF16.self)
  }

  private func elements() throws -> (element: NumberArray.Element, data: [UInt8]) {
    let tag = try tag()
    guard let element = tag.type.element, tag.size % element.size == 0 else {
      throw failure(.unexpected("\(tag.type.name) for numbers"))
    }
    return (element, try data(tag))
  }

  private func word(_ bytes: [UInt8], _ place: Int) -> Int {
    let word = UInt32(bytes.uint32(place))
    return Int(isBigEndian ? word.byteSwapped : word)
  }
}
