import Formats
import Support
import TestSupport
import Testing
import TestSupport

@Suite struct GzipTests {
  /// "abc", no name, no time.
  let abc: [UInt8] = [
    0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 3, 0x4B, 0x4C, 0x4A, 0x06, 0, 0xC2, 0x41, 0x24, 0x35, 3, 0,
    0, 0,
  ]

  func inflate(_ bytes: [UInt8], limit: Int = Gzip.largestOutput) throws -> String {
    String(decoding: try Gzip.inflate(bytes, path: "x.gz", limit: limit), as: UTF8.self)
  }

  @Test func goldenMemberInflates() throws { #expect(try inflate(abc) == "abc") }

  @Test func membersBackToBackAreJoined() throws {
    #expect(try inflate(abc + abc + abc) == "abcabcabc")
  }

  @Test func zeroBytesAreTolerated() throws {
    #expect(try inflate(abc + [0, 0, 0]) == "abc")
    #expect(try inflate(abc + [0, 0] + abc + [0]) == "abcabc")
  }

  @Test func optionalHeaderFieldsAreSkipped() throws {
    // FEXTRA of 3 bytes, FNAME "n", FCOMMENT "c"; FHCRC is the low half of the header's CRC-32.
    var bytes: [UInt8] = [0x1F, 0x8B, 8, 0b1_1100, 0, 0, 0, 0, 2, 3]
    bytes += [3, 0, 9, 9, 9] + [0x6E, 0] + [0x63, 0]
    #expect(try inflate(bytes + abc[10...]) == "abc")
    bytes[3] |= 0b10
    let checksum = crc32(bytes)
    bytes += [UInt8(truncatingIfNeeded: checksum), UInt8(truncatingIfNeeded: checksum >> 8)]
    #expect(try inflate(bytes + abc[10...]) == "abc")
    bytes[bytes.count - 1] ^= 1
    #expect(
      message { try inflate(bytes + abc[10...]) }
        == "x.gz: the gzip data is damaged before byte 21 (header crc mismatch); download it again")
  }

  /// CRC-32 bit by bit (RFC 1952, section 8).
  func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { c, _ in c >> 1 ^ (c & 1 == 0 ? 0 : 0xEDB8_8320) }
    }
  }

  @Test(arguments: 10..<23)
  func everyTruncationIsOne(length: Int) {
    let text = message { try inflate(Array(abc.prefix(length))) }
    #expect(text.hasPrefix("x.gz: the gzip data breaks off after "), "\(text)")
  }

  @Test func truncationSaysHowFarItGot() {
    #expect(
      message { try inflate(Array(abc.dropLast())) }
        == "x.gz: the gzip data breaks off after 3 decompressed bytes; download it again")
  }

  @Test func wrongChecksumIsNamed() {
    var bytes = abc
    bytes[15] ^= 1
    #expect(
      message { try inflate(bytes) } == "x.gz: the CRC-32 before byte 19 is not that of the"
        + " decompressed bytes; download it again")
  }

  @Test func wrongLengthIsNamed() {
    var bytes = abc
    bytes[19] = 4
    #expect(
      message { try inflate(bytes) } == "x.gz: the length before byte 23 is not that of the"
        + " decompressed bytes; download it again")
  }

  @Test func damageIsNamedWithItsPlace() {
    var bytes = abc
    bytes[10] = 0x07
    #expect(
      message { try inflate(bytes) } == "x.gz: the gzip data is damaged before byte 11"
        + " (invalid block type); download it again")
  }

  @Test func reservedFlagsAreRejected() {
    var bytes = abc
    bytes[3] = 0x20
    #expect(
      message { try inflate(bytes) } == "x.gz: the gzip data is damaged before byte 4"
        + " (unknown header flags set); download it again")
  }

  @Test func trailingGarbageIsCounted() {
    #expect(
      message { try inflate(abc + [0, 7, 7]) } == "x.gz: the gzip data ends at byte 23, but 3 more"
        + " bytes follow that are no gzip data; download it again")
  }

  @Test func otherDataIsNotGzip() {
    #expect(
      message { try inflate([1, 2, 3]) } == "x.gz: does not start with the gzip bytes 1F 8B;"
        + " decompress it another way")
  }

  @Test func outputIsCapped() throws {
    let zeros = Gzip.compress([UInt8](repeating: 0, count: 300_000))
    #expect(try Gzip.inflate(zeros, path: "x.gz", limit: 300_000).count == 300_000)
    #expect(
      message { try inflate(zeros, limit: 299_999) } == "x.gz: decompresses to more than 299999"
        + " bytes, the most that is read; use a smaller file")
  }

  @Test(arguments: [0, 1, 1000, 100_000])
  func compressedBytesComeBack(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
    for level in [1, 6, 9] {
      let compressed = Gzip.compress(bytes, level: level)
      #expect(try Gzip.inflate(compressed, path: "x") == bytes)
    }
  }

  @Test func compressionWritesNoTime() {
    #expect(Gzip.compress([1, 2, 3])[0..<8] == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
  }

  @Test func errorsAreDataErrors() {
    #expect(GzipError.notGzip(path: "x").exitCode == .dataError)
  }
}
