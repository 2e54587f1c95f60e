import CZlib
import Support

/// A zip archive, of which the members that are asked for are read.
///
/// The central directory is trusted, never what stands before a member, which may be left open
/// until its end. Members are stored or deflated; archives and members above 4 GiB (zip64) are
/// read. PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", 6.3.10.
public struct ZipArchive: Sendable {
  /// A file in the archive.
  public struct Member: Sendable, Equatable {
    /// Its path within the archive.
    public let name: String
    /// Its size, in bytes.
    public let size: Int
    let compressedSize: Int
    let checksum: UInt32
    let method: Int
    let isEncrypted: Bool
    /// Where its local header begins.
    let offset: Int
  }

  /// The archive's name in messages.
  public let path: String
  /// The files in the order of the central directory, without folders.
  public let members: [Member]
  private let source: RandomAccessBytes

  /// Whether `bytes` start like a zip archive that is not empty.
  public static func isArchive(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.prefix(4).elementsEqual([0x50, 0x4B, 3, 4])
  }

  /// Reads the directory of the archive at `path`.
  ///
  /// - Throws: ``FileError`` or ``ZipError``.
  public init(reading path: String) throws {
    try self.init(RandomAccessBytes(opening: path), path: path)
  }

  /// Reads the directory of an archive in memory; `path` is its name in messages.
  ///
  /// - Throws: ``ZipError``.
  public init(parsing bytes: [UInt8], path: String) throws {
    try self.init(RandomAccessBytes(bytes, path: path), path: path)
  }

  private init(_ source: RandomAccessBytes, path: String) throws {
    self.source = source
    self.path = path
    members = try ZipDirectory(source, path: path).members()
  }

  /// The member of that name, or `nil`.
  public subscript(name: String) -> Member? { members.first { $0.name == name } }

  /// A member's bytes.
  ///
  /// - Throws: ``FileError`` or ``ZipError``.
  public func contents(of member: Member) throws -> [UInt8] {
    let data = try stored(member)
    guard member.method != 0 else { return try checked(data, member) }
    let stream = InflateStream(data, .raw)
    let bytes = try inflated(member) { try stream.array(upTo: member.size) }
    guard bytes.count == member.size, try inflated(member, { try stream.isAtEnd() }) else {
      throw failure(member, .size(promised: member.size))
    }
    return try checked(bytes, member)
  }

  /// At most the first `count` bytes of a member, whose checksum is then not looked at.
  ///
  /// - Throws: ``FileError`` or ``ZipError``.
  public func start(of member: Member, count: Int) throws -> [UInt8] {
    if member.method == 0 { return try stored(member, most: count) }
    // A byte takes at most 15 bits of a block, whose tables are a few hundred bytes.
    let data = try stored(member, most: 8 * count + 4096)
    let stream = InflateStream(data, .raw, isCutShort: true)
    return try inflated(member) { try stream.array(upTo: min(count, member.size)) }
  }

  /// The bytes of a member as they lie in the archive.
  private func stored(_ member: Member, most: Int = .max) throws -> [UInt8] {
    guard !member.isEncrypted else { throw failure(member, .encrypted) }
    guard [0, 8].contains(member.method) else {
      throw failure(member, .method(member.method))
    }
    guard member.size <= Gzip.largestOutput else { throw failure(member, .tooLarge(member.size)) }
    // No deflate stream expands more than 1032 times; more is not worth allocating. The compressed
    // size may be any number, so it is not multiplied.
    let isPossible =
      member.method == 0
      ? member.size == member.compressedSize
      : (member.size + 1031) / 1032 <= member.compressedSize
    guard isPossible else {
      throw failure(
        member, .impossible(promised: member.size, compressed: member.compressedSize))
    }
    let start = try dataStart(member)
    return try source.bytes(start..<start + min(member.compressedSize, most))
  }

  /// Where a member's data begin: behind its local header, which must be that of the same file.
  private func dataStart(_ member: Member) throws -> Int {
    guard member.offset <= source.count - 30 else { throw failure(member, .offset(member.offset)) }
    let header = try source.bytes(member.offset..<member.offset + 30)
    let nameSize = header.uint16(26)
    let start = member.offset + 30 + nameSize + header.uint16(28)
    guard header.uint32(0) == 0x0403_4B50, start <= source.count,
      member.compressedSize <= source.count - start
    else { throw failure(member, .offset(member.offset)) }
    let name = try source.bytes(member.offset + 30..<member.offset + 30 + nameSize)
    guard String(decoding: name, as: UTF8.self) == member.name, header.uint16(8) == member.method
    else { throw failure(member, .otherHeader(member.offset)) }
    return start
  }

  private func inflated<Value>(_ member: Member, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as InflateError {
      throw failure(member, .damaged(error.reason))
    }
  }

  private func checked(_ bytes: [UInt8], _ member: Member) throws -> [UInt8] {
    guard bytes.checksum == member.checksum else { throw failure(member, .checksum) }
    return bytes
  }

  private func failure(_ member: Member, _ problem: ZipError.MemberProblem) -> ZipError {
    .member(path: path, name: member.name, problem)
  }
}

extension [UInt8] {
  /// CRC-32 (RFC 1952, section 8). zlib counts in 32 bits.
  var checksum: UInt32 {
    var (sum, start) = (uLong(0), 0)
    // zlib reads as many bytes as are there.
    unsafe withUnsafeBufferPointer { bytes in
      while start < bytes.count {
        let size = Swift.min(bytes.count - start, 1 << 30)
        sum = unsafe crc32(sum, bytes.baseAddress! + start, uInt(size))
        start += size
      }
    }
    return UInt32(sum)
  }

  /// Little-endian numbers at a place, which must be within.
  func uint16(_ place: Int) -> Int { Int(self[place]) | Int(self[place + 1]) << 8 }
  func uint32(_ place: Int) -> Int { uint16(place) | uint16(place + 2) << 16 }
  /// `nil` if it does not fit an `Int`.
  func uint64(_ place: Int) -> Int? {
    let high = uint32(place + 4)
    return high < 1 << 31 ? uint32(place) | high << 32 : nil
  }
}
