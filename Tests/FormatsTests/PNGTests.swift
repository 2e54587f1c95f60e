import CZlib
import Formats
import Testing

@Suite struct PNGTests {
  /// A chunk as it stands in the file.
  struct Chunk {
    let type: String
    let data: [UInt8]
    let crcIsRight: Bool
  }

  static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

  static func chunks(_ file: [UInt8]) throws -> [Chunk] {
    try #require(Array(file.prefix(8)) == [137, 80, 78, 71, 13, 10, 26, 10])
    var chunks: [Chunk] = []
    var at = 8
    while at < file.count {
      try #require(at + 12 <= file.count)
      let length = number(file[at..<at + 4])
      try #require(at + 12 + length <= file.count)
      let body = Array(file[at + 4..<at + 8 + length])
      let crc = number(file[at + 8 + length..<at + 12 + length])
      chunks.append(
        Chunk(
          type: String(decoding: body[..<4], as: UTF8.self), data: Array(body[4...]),
          crcIsRight: crc == Int(crc32(0, body, uInt(body.count)))))
      at += 12 + length
    }
    return chunks
  }

  /// The samples, with each row's filter number checked to be 0 and taken off.
  static func samples(_ file: [UInt8], rowSize: Int, height: Int) throws -> [UInt8] {
    let data = try chunks(file).filter { $0.type == "IDAT" }.flatMap(\.data)
    var rows = [UInt8](repeating: 0, count: (rowSize + 1) * height + 1)
    var count = uLong(rows.count)
    try #require(uncompress(&rows, &count, data, uLong(data.count)) == Z_OK)
    try #require(Int(count) == (rowSize + 1) * height)
    return try (0..<height).flatMap { y in
      try #require(rows[y * (rowSize + 1)] == 0)
      return rows[y * (rowSize + 1) + 1..<(y + 1) * (rowSize + 1)]
    }
  }

  @Test(arguments: [(1, 1), (3, 2), (28, 28), (301, 7)])
  func grayPixelsComeBack(width: Int, height: Int) throws {
    let gray = (0..<width * height).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 8) }
    let file = PNG.encode(gray: gray, width: width, height: height)
    #expect(try Self.samples(file, rowSize: width, height: height) == gray)
  }

  @Test func colorPixelsComeBack() throws {
    let rgb = (0..<5 * 4 * 3).map { UInt8($0 * 4) }
    let file = PNG.encode(rgb: rgb, width: 5, height: 4)
    #expect(try Self.samples(file, rowSize: 15, height: 4) == rgb)
  }

  @Test func chunksAreHeaderDataEndWithRightCRCs() throws {
    let chunks = try Self.chunks(PNG.encode(gray: [0, 128, 255], width: 3, height: 1))
    #expect(chunks.map(\.type) == ["IHDR", "IDAT", "IEND"])
    #expect(chunks.allSatisfy { $0.crcIsRight })
    #expect(chunks.last?.data == [])
  }

  @Test func headerHasSizeDepthAndColorType() throws {
    let gray = try Self.chunks(
      PNG.encode(gray: [UInt8](repeating: 9, count: 260 * 2), width: 260, height: 2))
    #expect(gray[0].data == [0, 0, 1, 4, 0, 0, 0, 2, 8, 0, 0, 0, 0])
    let rgb = try Self.chunks(PNG.encode(rgb: [1, 2, 3], width: 1, height: 1))
    #expect(rgb[0].data == [0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0])
  }
}
