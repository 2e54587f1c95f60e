import Testing
import TestSupport

@testable import Formats

@Suite struct ZipArchiveTests {
  @Test(arguments: GoldenArrayFiles.all.zip)
  func whatPythonArchivesIsRead(file: GoldenArrayFile) throws {
    let zip = try ZipArchive(parsing: file.bytes, path: "x.zip")
    let members = try #require(file.members)
    #expect(Set(zip.members.map(\.name)) == Set(members.keys))
    for member in zip.members {
      let text = try #require(members[member.name])
      #expect(try zip.contents(of: member) == Array(text.utf8))
      #expect(try zip.start(of: member, count: 100) == Array(text.utf8.prefix(100)))
    }
  }

  @Test func aFileOnTheDiskIsReadInPieces() throws {
    var writer = ZipWriter()
    let long = (0..<300_000).map { UInt8($0 / 7 & 255) }
    writer.add("a", long, level: 1)
    writer.add("b/c", [1, 2, 3])
    try withTemporaryFolder { folder in
      let zip = try ZipArchive(reading: folder.write("x.zip", writer.finished()))
      #expect(try zip.contents(of: #require(zip["a"])) == long)
      #expect(try zip.start(of: #require(zip["a"]), count: 1000) == Array(long.prefix(1000)))
      #expect(try zip.contents(of: #require(zip["b/c"])) == [1, 2, 3])
      #expect(zip["c"] == nil)
    }
  }

  /// An archive of one file "abc" with the bytes "0123456789".
  private static func archive(_ name: String = "abc", level: Int = 0) -> [UInt8] {
    var writer = ZipWriter()
    writer.add(name, Array("0123456789".utf8), level: level)
    return writer.finished()
  }

  /// Reads everything in an archive.
  private static func read(_ bytes: [UInt8]) throws -> [[UInt8]] {
    let zip = try ZipArchive(parsing: bytes, path: "x.zip")
    return try zip.members.map(zip.contents)
  }

  @Test(arguments: ["../abc", "a/../b", "/etc/passwd", "..", "a\\b", "C:abc", "", "a\0b"])
  func namesThatLeadOutAreRefused(name: String) {
    let shown = name.replacing("\0", with: "?")
    #expect(
      message { try Self.read(Self.archive(name)) }
        == "x.zip: the file '\(shown)' would lie outside the zip archive's folder; do not trust"
        + " this archive")
  }

  @Test(arguments: ["a..b", "...", "a/..b/c", "ä/あ"])
  func harmlessNamesAreTaken(name: String) throws {
    #expect(try Self.read(Self.archive(name)).count == 1)
  }

  @Test func duplicatesAreRefused() {
    var writer = ZipWriter()
    writer.add("abc", [1])
    writer.add("abc", [2])
    #expect(
      message { try Self.read(writer.finished()) }
        == "x.zip: the file 'abc' is in the zip archive twice; unpack the one that is meant")
  }

  /// A change of one archive's bytes and what is said about it.
  struct Damage: CustomTestStringConvertible, Sendable {
    let what: String
    var level = 0
    /// Counted from the start of the local header, of the directory, or of its end record.
    let area: Area
    let place: Int
    let bytes: [UInt8]
    let sentence: String

    enum Area: Sendable { case local, directory, end }
    var testDescription: String { what }
  }

  static let damages = [
    Damage(
      what: "encrypted", area: .directory, place: 8, bytes: [1],
      sentence: "the file 'abc' is encrypted in the zip archive; unpack it with its password"),
    Damage(
      what: "another method", area: .directory, place: 10, bytes: [14],
      sentence: "the file 'abc' is compressed with method 14 in the zip archive, only 0 and 8"
        + " (deflate) are read; unpack it"),
    Damage(
      what: "a link", area: .directory, place: 41, bytes: [0xA1],
      sentence: "the file 'abc' is a link, which is not followed in a zip archive; unpack the"
        + " archive"),
    Damage(
      what: "another checksum", area: .directory, place: 16, bytes: [1, 2, 3, 4],
      sentence: "the file 'abc' of the zip archive has another CRC-32 than is promised; download"
        + " it again"),
    Damage(
      what: "a size that cannot be", area: .directory, place: 24, bytes: [11],
      sentence: "the file 'abc' of the zip archive cannot be 11 bytes, 10 when compressed;"
        + " download it again"),
    Damage(
      what: "a bomb", level: 9, area: .directory, place: 24, bytes: [0, 0, 0, 0x80],
      sentence: "the file 'abc' of the zip archive cannot be 2147483648 bytes, 12 when compressed;"
        + " download it again"),
    Damage(
      what: "more than there is", level: 9, area: .directory, place: 24, bytes: [20],
      sentence: "the file 'abc' of the zip archive has not the 20 bytes that are promised;"
        + " download it again"),
    Damage(
      what: "fewer than there are", level: 9, area: .directory, place: 24, bytes: [9],
      sentence: "the file 'abc' of the zip archive has not the 9 bytes that are promised;"
        + " download it again"),
    Damage(
      what: "damaged data", level: 9, area: .local, place: 33, bytes: [0xFF],
      sentence: "the file 'abc' of the zip archive is damaged (invalid block type); download it"
        + " again"),
    Damage(
      what: "a place within the directory", area: .directory, place: 42, bytes: [60],
      sentence: "entry 1 of the 1 in the zip archive's directory is damaged; download it again"),
    Damage(
      what: "a wrong place", area: .directory, place: 42, bytes: [1],
      sentence: "the file 'abc' of the zip archive is not found whole at byte 1; download it again"),
    Damage(
      what: "another name", area: .local, place: 30, bytes: [0x78],
      sentence: "the file 'abc' of the zip archive is another one by its header at byte 0;"
        + " download it again"),
    Damage(
      what: "an entry of something else", area: .directory, place: 0, bytes: [0],
      sentence: "entry 1 of the 1 in the zip archive's directory is damaged; download it again"),
    Damage(
      what: "a count that does not fit", area: .end, place: 8, bytes: [2, 0, 2, 0],
      sentence: "the zip archive's directory of 49 bytes at byte 43 does not lie within it;"
        + " download it again"),
    Damage(
      what: "a directory elsewhere", area: .end, place: 16, bytes: [0, 1],
      sentence: "the zip archive's directory of 49 bytes at byte 256 does not lie within it;"
        + " download it again"),
    Damage(
      what: "one of several", area: .end, place: 4, bytes: [1],
      sentence: "is one of several pieces of a zip archive; join them first"),
    Damage(
      what: "no end", area: .end, place: 0, bytes: [0],
      sentence: "is a zip archive without its directory, which is its end; download it again"),
  ]

  @Test(arguments: damages)
  func whatIsWrongIsSaid(damage: Damage) {
    var bytes = Self.archive(level: damage.level)
    let start =
      switch damage.area {
      case .local: 0
      case .directory: bytes.count - 22 - 49
      case .end: bytes.count - 22
      }
    for (offset, byte) in damage.bytes.enumerated() { bytes[start + damage.place + offset] = byte }
    #expect(message { try Self.read(bytes) } == "x.zip: \(damage.sentence)")
  }

  @Test func everyTruncationIsSaid() {
    let bytes = Self.archive()
    for length in 0..<bytes.count {
      #expect(
        message { try Self.read(Array(bytes.prefix(length))) }
          == "x.zip: is a zip archive without its directory, which is its end; download it again")
    }
  }

  @Test func aCompressedSizeNearTheLargestNumberIsRefused() throws {
    func little(_ value: Int, _ size: Int) -> [UInt8] {
      (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    // Version 4.5, deflated, sizes in the extra field, a name of one letter.
    let fields = [45, 0, 8, 0, 0x21].flatMap { little($0, 2) } + little(0, 4)
    let sizes = little(0xFFFF_FFFF, 4) + little(0xFFFF_FFFF, 4) + little(1, 2)
    let local =
      Array("PK\u{3}\u{4}".utf8) + fields + sizes + little(0, 2) + Array("a".utf8) + [3, 0]
    let directory =
      Array("PK\u{1}\u{2}".utf8) + little(45, 2) + fields + sizes + little(20, 2) + little(0, 14)
      + Array("a".utf8) + little(1, 2) + little(16, 2) + little(5, 8) + little(.max, 8)
    let end =
      Array("PK\u{5}\u{6}".utf8) + little(0, 4) + little(1, 2) + little(1, 2)
      + little(directory.count, 4) + little(local.count, 4) + little(0, 2)
    let archive = try ZipArchive(parsing: local + directory + end, path: "a.zip")
    #expect(archive.members.map(\.compressedSize) == [.max])
    #expect(throws: ZipError.self) { try archive.contents(of: archive.members[0]) }
  }
}
