import Formats
import Support
import TestSupport
import Testing
import TestSupport

@Suite struct IDXFileTests {
  let golden: [UInt8] = [
    0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 1, 2, 3, 4, 5, 6, 7,
  ]

  @Test func goldenBytesAreReadAndWritten() throws {
    let file = try IDXFile(parsing: golden, path: "x")
    #expect(
      file
        == IDXFile(
          elementType: .unsignedByte, dimensions: [2, 2, 2], payload: [0, 1, 2, 3, 4, 5, 6, 7]))
    #expect(file.encoded() == golden)
  }

  @Test func gzipIsDetectedByContent() throws {
    let plain = try IDXFile(parsing: golden, path: "x")
    try withTemporaryFolder { folder in
      let compressed = try folder.write("no-suffix", Gzip.compress(golden))
      let misnamed = try folder.write("plain.gz", golden)
      #expect(try IDXFile(reading: compressed) == plain)
      #expect(try IDXFile(reading: misnamed) == plain)
    }
  }

  @Test func largeGzipFileComesBack() throws {
    let payload = (0..<(300 * 784)).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
    let file = IDXFile(elementType: .unsignedByte, dimensions: [300, 28, 28], payload: payload)
    #expect(try IDXFile(parsing: Gzip.compress(file.encoded()), path: "x") == file)
  }

  struct TypeCase: Sendable, CustomTestStringConvertible {
    let type: IDXElementType
    let bytes: [UInt8]
    let numbers: [Double]
    var testDescription: String { type.name }
  }

  @Test(arguments: [
    TypeCase(type: .unsignedByte, bytes: [0, 255], numbers: [0, 255]),
    TypeCase(type: .signedByte, bytes: [0x7F, 0x80], numbers: [127, -128]),
    TypeCase(type: .int16, bytes: [1, 2, 0xFF, 0xFE], numbers: [258, -2]),
    TypeCase(
      type: .int32, bytes: [0, 1, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF], numbers: [65536, -1]),
    TypeCase(
      type: .float32, bytes: [0x3F, 0xC0, 0, 0, 0xC0, 0, 0, 0], numbers: [1.5, -2]),
    TypeCase(
      type: .float64, bytes: [0x3F, 0xF8, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0],
      numbers: [1.5, -2]),
  ])
  func everyElementTypeIsBigEndian(_ example: TypeCase) throws {
    let header: [UInt8] = [0, 0, example.type.rawValue, 1, 0, 0, 0, 2]
    let file = try IDXFile(parsing: header + example.bytes, path: "x")
    #expect(file.count == 2)
    #expect(file.doubles() == example.numbers)
    #expect(file.int32s() == (example.type.isInteger ? example.numbers.map { Int32($0) } : nil))
    #expect(file.encoded() == header + example.bytes)
  }

  struct BadCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let text: String
  }

  @Test(arguments: [
    BadCase(
      testDescription: "empty", bytes: [],
      text: "x: 0 bytes are too few for an IDX header of 4; download it again"),
    BadCase(
      testDescription: "cut in the dimensions", bytes: [0, 0, 8, 3, 0, 0, 0, 2, 0],
      text: "x: 9 bytes are too few for an IDX header of 16; download it again"),
    BadCase(
      testDescription: "gzip in gzip", bytes: Gzip.compress(Gzip.compress([0, 0, 8, 1])),
      text: "x: holds gzip data inside gzip data; decompress it once"),
    BadCase(
      testDescription: "zip", bytes: [0x50, 0x4B, 3, 4, 20, 0],
      text: "x: is a zip archive, not an IDX file; unpack it first"),
    BadCase(
      testDescription: "web page", bytes: Array("<!DOCTYPE html><html><head>…".utf8),
      text: "x: is a web page, not an IDX file; the server sent an error page, download it again"),
    BadCase(
      testDescription: "web page without a doctype", bytes: Array("\n<html>\n".utf8),
      text: "x: is a web page, not an IDX file; the server sent an error page, download it again"),
    BadCase(
      testDescription: "text", bytes: Array("10 65\r\n11 66\r\n".utf8),
      text: "x: is text, not an IDX file; check the name"),
    BadCase(
      testDescription: "UTF-16", bytes: [0xFF, 0xFE, 0x31, 0],
      text: "x: is text, not an IDX file; check the name"),
    BadCase(
      testDescription: "wrong magic", bytes: [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0],
      text: "x: starts with the bytes 89 50 4E 47, an IDX file with 00 00; check the name"),
    BadCase(
      testDescription: "byte-swapped magic", bytes: [3, 8, 0, 0, 2, 0, 0, 0],
      text: "x: is little-endian, IDX files are big-endian; write its header and elements with the"
        + " most significant byte first"),
    BadCase(
      testDescription: "byte-swapped dimension", bytes: [0, 0, 8, 1, 2, 0, 0, 0, 5, 6],
      text: "x: is little-endian, IDX files are big-endian; write its header and elements with the"
        + " most significant byte first"),
    BadCase(
      testDescription: "byte-swapped dimension in gzip",
      bytes: Gzip.compress([0, 0, 8, 1, 2, 0, 0, 0, 5, 6]),
      text: "x: is little-endian, IDX files are big-endian; write its header and elements with the"
        + " most significant byte first"),
    BadCase(
      testDescription: "unassigned element type", bytes: [0, 0, 0x0A, 1, 0, 0, 0, 1, 0],
      text: "x: element type 0A is unknown; IDX has 08 (unsigned byte), 09 (signed byte),"
        + " 0B (int16), 0C (int32), 0D (float32) or 0E (float64)"),
    BadCase(
      testDescription: "no dimension", bytes: [0, 0, 8, 0],
      text: "x: header says 0 dimensions, expected 1 to 8; download it again"),
    BadCase(
      testDescription: "nine dimensions", bytes: [0, 0, 8, 9],
      text: "x: header says 9 dimensions, expected 1 to 8; download it again"),
    BadCase(
      testDescription: "zero dimension", bytes: [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 0],
      text: "x: dimension 2 is 0, so the file holds nothing; download it again"),
    BadCase(
      testDescription: "overflow",
      bytes: [0, 0, 8, 3] + [UInt8](repeating: 0xFF, count: 12),
      text: "x: 4294967295 × 4294967295 × 4294967295 elements are more than a file can hold;"
        + " download it again"),
    BadCase(
      testDescription: "too short", bytes: [0, 0, 8, 1, 0, 0, 0, 3, 1, 2],
      text: "x: header promises 11 bytes, file has 10; download it again"),
    BadCase(
      testDescription: "too long", bytes: [0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3, 4],
      text: "x: header promises 11 bytes, file has 12; download it again"),
    BadCase(
      testDescription: "too short in gzip",
      bytes: Gzip.compress([0, 0, 8, 1, 0, 0, 0, 3, 1, 2]),
      text: "x: header promises 11 bytes, file inflates to 10; download it again"),
    BadCase(
      testDescription: "too long in gzip",
      bytes: Gzip.compress([0, 0, 8, 1, 0, 0, 0, 3] + [UInt8](repeating: 1, count: 100)),
      text: "x: header promises 11 bytes, file inflates to 108; download it again"),
    BadCase(
      testDescription: "promises more than gzip can hold",
      bytes: Gzip.compress([0, 0, 8, 1, 0xFF, 0xFF, 0xFF, 0xFE, 1, 2]),
      text: "x: header promises 4294967302 bytes, file inflates to 10; download it again"),
  ])
  func badFileIsExplained(_ example: BadCase) {
    #expect(message { try IDXFile(parsing: example.bytes, path: "x") } == example.text)
  }

  @Test func missingFileIsNoInput() {
    #expect(
      message { try IDXFile(reading: "/nowhere/x") }
        == "/nowhere/x: no such file; check the name")
  }

  @Test func errorsAreDataErrors() { #expect(IDXError.zip(path: "x").exitCode == .dataError) }
}
