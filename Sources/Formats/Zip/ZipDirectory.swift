import Support

/// The central directory of a zip archive.
struct ZipDirectory {
  private let path: String
  private let bytes: [UInt8]
  private let count: Int
  /// Where members end: where the directory begins.
  private let end: Int

  /// Finds and reads the directory.
  ///
  /// - Throws: ``FileError`` or ``ZipError``.
  init(_ source: RandomAccessBytes, path: String) throws {
    let place = try ZipDirectoryPlace(source, path: path)
    guard place.size <= Self.largestSize else {
      throw ZipError.archive(path: path, .tooManyMembers(place.count))
    }
    self.path = path
    end = place.offset
    count = place.count
    bytes = try source.bytes(place.offset..<place.offset + place.size)
  }

  /// Room for two million members with names as long as this project's.
  private static let largestSize = 1 << 28

  /// The files that the directory lists.
  ///
  /// - Throws: ``ZipError`` for a directory that is not as long as it says, and for names that are
  ///   unsafe or occur twice.
  func members() throws -> [ZipArchive.Member] {
    var members: [ZipArchive.Member] = []
    var names: Set<String> = []
    var place = 0
    for number in 0..<count {
      guard let entry = ZipDirectoryEntry(bytes, at: place) else {
        throw ZipError.archive(path: path, .entry(number: number + 1, count: count))
      }
      place += entry.length
      try entry.check(path: path)
      guard names.insert(entry.name).inserted else {
        throw ZipError.member(path: path, name: entry.name, .duplicate)
      }
      guard !entry.isFolder else { continue }
      guard let member = entry.member, member.offset < end else {
        throw ZipError.archive(path: path, .entry(number: number + 1, count: count))
      }
      members.append(member)
    }
    guard place == bytes.count else {
      throw ZipError.archive(path: path, .entry(number: count, count: count))
    }
    return members
  }
}

/// Where the central directory lies.
private struct ZipDirectoryPlace {
  private(set) var offset: Int
  private(set) var size: Int
  private(set) var count: Int

  init(_ source: RandomAccessBytes, path: String) throws {
    func failure(_ problem: ZipError.ArchiveProblem) -> ZipError {
      .archive(path: path, problem)
    }
    // The record is 22 bytes and a comment of at most 65,535.
    let start = max(0, source.count - 65_557)
    let tail = try source.bytes(start..<source.count)
    guard let record = Self.record(in: tail) else { throw failure(.noDirectory) }
    guard tail.uint16(record + 4) == 0, tail.uint16(record + 6) == 0,
      tail.uint16(record + 8) == tail.uint16(record + 10)
    else { throw failure(.severalFiles) }
    count = tail.uint16(record + 10)
    size = tail.uint32(record + 12)
    offset = tail.uint32(record + 16)
    var end = start + record
    if record >= 20, tail.uint32(record - 20) == 0x0706_4B50 {
      end = try readZip64(source, locator: Array(tail[record - 20..<record]), failure)
    }
    guard size <= end, offset <= end - size, count <= size / 46 else {
      throw failure(.directory(offset: offset, size: size))
    }
  }

  /// The last place from which a record and its comment reach to the end.
  private static func record(in tail: [UInt8]) -> Int? {
    stride(from: tail.count - 22, through: 0, by: -1).first { place in
      tail.uint32(place) == 0x0605_4B50 && place + 22 + tail.uint16(place + 20) == tail.count
    }
  }

  /// Takes the numbers of 64 bits.
  ///
  /// - Returns: where their record begins.
  private mutating func readZip64(
    _ source: RandomAccessBytes, locator: [UInt8], _ failure: (ZipError.ArchiveProblem) -> ZipError
  ) throws -> Int {
    guard let place = locator.uint64(8), place <= source.count - 56 else {
      throw failure(.noDirectory)
    }
    let record = try source.bytes(place..<place + 56)
    guard record.uint32(0) == 0x0606_4B50, let count = record.uint64(32),
      let size = record.uint64(40), let offset = record.uint64(48)
    else { throw failure(.noDirectory) }
    guard record.uint32(16) == 0, record.uint32(20) == 0, record.uint64(24) == count else {
      throw failure(.severalFiles)
    }
    (self.count, self.size, self.offset) = (count, size, offset)
    return place
  }
}

/// What the directory says about a file.
private struct ZipDirectoryEntry {
  let name: String
  /// The bytes of the entry.
  let length: Int
  /// `nil` if a number is too large.
  let member: ZipArchive.Member?
  private let isLink: Bool

  var isFolder: Bool { name.hasSuffix("/") }

  /// `nil` if there is no whole entry at `place`.
  init?(_ bytes: [UInt8], at place: Int) {
    guard place <= bytes.count - 46, bytes.uint32(place) == 0x0201_4B50 else { return nil }
    let (nameSize, extraSize) = (bytes.uint16(place + 28), bytes.uint16(place + 30))
    length = 46 + nameSize + extraSize + bytes.uint16(place + 32)
    guard length <= bytes.count - place else { return nil }
    let nameEnd = place + 46 + nameSize
    name = String(decoding: bytes[place + 46..<nameEnd], as: UTF8.self)
    // Made on Unix (3) or macOS (19): the upper half of the attributes is the file's mode.
    let isUnix = [3, 19].contains(bytes[place + 5])
    isLink = isUnix && bytes.uint16(place + 40) & 0xF000 == 0xA000
    var large = Zip64Numbers(bytes, nameEnd..<nameEnd + extraSize)
    let size = large.number(bytes.uint32(place + 24))
    let compressedSize = large.number(bytes.uint32(place + 20))
    let offset = large.number(bytes.uint32(place + 42))
    guard let size, let compressedSize, let offset else {
      member = nil
      return
    }
    // Bit 0: encrypted; bit 6: strongly; bit 13: even the directory.
    member = ZipArchive.Member(
      name: name, size: size, compressedSize: compressedSize,
      checksum: UInt32(bytes.uint32(place + 16)), method: bytes.uint16(place + 10),
      isEncrypted: bytes.uint16(place + 8) & 0x2041 != 0, offset: offset)
  }

  /// - Throws: ``ZipError`` for a name that leads out of the archive, and for a link.
  func check(path: String) throws {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let isUnsafe =
      name.isEmpty || name.hasPrefix("/") || parts.contains("..") || name.contains("\\")
      || name.utf8.contains(0) || name.dropFirst().hasPrefix(":")
    if isUnsafe { throw ZipError.member(path: path, name: name, .unsafeName) }
    if isLink { throw ZipError.member(path: path, name: name, .link) }
  }
}

/// The numbers of 64 bits that stand for those of 32 that are all ones, in their order.
private struct Zip64Numbers {
  private var numbers: [Int?] = []

  init(_ bytes: [UInt8], _ extra: Range<Int>) {
    var place = extra.lowerBound
    while place + 4 <= extra.upperBound {
      let size = bytes.uint16(place + 2)
      guard place + 4 + size <= extra.upperBound else { return }
      if bytes.uint16(place) == 1 {
        numbers = (0..<size / 8).map { bytes.uint64(place + 4 + 8 * $0) }
        return
      }
      place += 4 + size
    }
  }

  mutating func number(_ small: Int) -> Int? {
    guard small == 0xFFFF_FFFF else { return small }
    return numbers.isEmpty ? nil : numbers.removeFirst()
  }
}
