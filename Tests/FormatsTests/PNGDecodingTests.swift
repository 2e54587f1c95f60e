import CZlib
import Foundation
import Support
import Tensor
import Testing

@testable import Formats

/// A file and its pixels, made by `Scripts/golden/png.py`.
private struct GoldenPNG: Decodable, CustomTestStringConvertible, Sendable {
  let name: String
  let width: Int
  let height: Int
  let file: Data
  let gray: [UInt8]

  var testDescription: String { name }

  static let all: [GoldenPNG] = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Golden/png.json")
    let files = try? JSONDecoder().decode([GoldenPNG].self, from: Data(contentsOf: path))
    return files ?? []
  }()
}

@Suite struct PNGDecodingTests {
  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    return number(data.count) + body + number(Int(crc32(0, body, uInt(body.count))))
  }

  private static func number(_ value: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt32(value).bigEndian) { Array($0) }
  }

  private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var count = compressBound(uLong(bytes.count))
    return Array(unsafeUninitializedCapacity: Int(count)) { buffer, initialized in
      _ = compress2(buffer.baseAddress, &count, bytes, uLong(bytes.count), 9)
      initialized = Int(count)
    }
  }

  /// A file of chunks between signature and end.
  private static func file(_ chunks: [UInt8]...) -> [UInt8] {
    PNG.signature + chunks.joined() + chunk("IEND", [])
  }

  private static func header(
    _ width: Int = 2, _ height: Int = 2, depth: UInt8 = 8, color: UInt8 = 0,
    methods: [UInt8] = [0, 0, 0]
  ) -> [UInt8] {
    chunk("IHDR", number(width) + number(height) + [depth, color] + methods)
  }

  private static let pixels = chunk("IDAT", deflated([0, 1, 2, 0, 3, 4]))

  @Test fileprivate func thereAreGoldenFiles() { #expect(GoldenPNG.all.count == 52) }

  @Test(arguments: GoldenPNG.all) fileprivate func everyKindIsRead(golden: GoldenPNG) throws {
    let picture = try PNG.decode(Array(golden.file), path: "a.png")
    #expect((picture.width, picture.height) == (golden.width, golden.height))
    #expect(picture.pixels == golden.gray)
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let gray = (0..<301 * 7).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    let picture = try PNG.decode(PNG.encode(gray: gray, width: 301, height: 7), path: "a.png")
    #expect(picture == GrayPicture(width: 301, height: 7, pixels: gray))
    let red = try PNG.decode(PNG.encode(rgb: [255, 0, 0], width: 1, height: 1), path: "a.png")
    #expect(red.pixels == [76])
  }

  @Test func whiteInkOnNothingIsLaidOnBlack() throws {
    let rows = Self.chunk("IDAT", Self.deflated([0, 255, 0, 255, 255, 0, 255, 0, 200, 0]))
    let picture = try PNG.decode(Self.file(Self.header(color: 4), rows), path: "a.png")
    #expect(picture.pixels == [0, 255, 0, 0])
  }

  /// A file that is damaged, and what is said of it.
  private static let damaged: [(file: [UInt8], message: String)] = [
    (
      Array(file(header(), pixels).dropLast(4)),
      "chunk 'IEND' at byte 59 promises 0 bytes and a checksum, but 0 are left; copy it again"
    ),
    (
      Array(file(header(), pixels).dropLast(12)),
      "ends 0 bytes after byte 59 without the chunk 'IEND'; copy it again"
    ),
    (
      [0x89, 0x50, 0x4E, 0x47, 0x0A, 0x1A, 0x0A, 0x00],
      "the first 8 bytes are not PNG's signature, as after a transfer as text; copy it again"
    ),
    (file(pixels), "the first chunk is 'IDAT', expected 'IHDR'; save it anew"),
    (
      file(header(), header(), pixels),
      "chunk 'IHDR' at byte 33 stands where it may not; save it anew"
    ),
    (
      file(header(), pixels, chunk("tIME", []), pixels),
      "chunk 'IDAT' at byte 71 stands where it may not; save it anew"
    ),
    (
      file(header(), chunk("CgBI", [0]), pixels),
      "chunk 'CgBI' at byte 33 is needed to read it and not known; save it as a plain PNG"
    ),
    (
      file(header(), chunk("a1!?", []), pixels),
      "the chunk at byte 33 has the name [97, 49, 33, 63], which are not four letters; copy it again"
    ),
    (file(header()), "has no chunk 'IDAT'; save it anew"),
    (file(header(color: 3), pixels), "has no chunk 'PLTE'; save it anew"),
    (
      file(header(color: 3), chunk("PLTE", [1, 2]), pixels),
      "chunk 'PLTE' at byte 33 has 2 bytes, expected three for each of 1 to 256 colors; save it anew"
    ),
    (
      file(header(), chunk("tRNS", [1]), pixels),
      "chunk 'tRNS' at byte 33 has 1 bytes, expected 2; save it anew"
    ),
    (
      file(chunk("IHDR", [1]), pixels),
      "chunk 'IHDR' at byte 8 has 1 bytes, expected 13; save it anew"
    ),
    (file(header(0), pixels), "its width is not from 1 to 2147483647 pixels; save it anew"),
    (
      file(header(100_000, 1000), pixels),
      "has 100000 x 1000 pixels, more than the 67108864 that are read; make it smaller"
    ),
    (file(header(color: 5), pixels), "has color type 5, PNG has 0, 2, 3, 4 and 6; save it anew"),
    (
      file(header(depth: 4, color: 2), pixels),
      "has 4 bits a sample, color type 2 has 8 or 16; save it anew"
    ),
    (
      file(header(methods: [0, 0, 2]), pixels),
      "has interlace method 2, PNG has 0 or 1; save it anew"
    ),
    (
      file(header(), chunk("IDAT", [0x78, 1, 7, 7])),
      "its pixels ('IDAT') cannot be decompressed (damaged or cut off after 3 of 4 bytes); copy it "
        + "again"
    ),
    (
      file(header(), chunk("IDAT", deflated([0, 1, 2]))),
      "its pixels ('IDAT') are 3 bytes, the header promises 6; copy it again"
    ),
    (
      file(header(), chunk("IDAT", deflated([0, 1, 2, 0, 3, 4, 0]))),
      "its pixels ('IDAT') are more than the 6 bytes that the header promises; save it anew"
    ),
    (
      file(header(8000, 8000), pixels),
      "its pixels ('IDAT') cannot be decompressed (14 bytes are too few); copy it again"
    ),
    (
      file(header(), chunk("IDAT", deflated([0, 1, 2, 5, 3, 4]))),
      "row 1 of its pixels has filter 5, PNG has 0 to 4; save it anew"
    ),
    (
      file(header(color: 3), chunk("PLTE", [UInt8](repeating: 0, count: 9)), pixels),
      "the pixel in row 1, column 0 has color 3 of a palette of 3; save it anew"
    ),
  ]

  @Test(arguments: damaged.indices) func damageIsNamed(number: Int) {
    let (file, message) = Self.damaged[number]
    let error = #expect(throws: PNGError.self) { try PNG.decode(file, path: "a.png") }
    #expect(error?.description == "a.png: " + message)
    #expect(error?.exitCode == .dataError)
  }

  @Test func aWrongChecksumIsNamed() {
    var file = Self.file(Self.header(), Self.pixels)
    file[20] ^= 1
    let error = #expect(throws: PNGError.self) { try PNG.decode(file, path: "a.png") }
    #expect(
      error?.description
        == "a.png: the CRC-32 of chunk 'IHDR' at byte 8 is not that of its bytes; copy it again")
  }

  /// Changed bytes, cut ends and doubled parts; half of the time with checksums made right again,
  /// so that what lies behind them is reached.
  @Test func noDamageTraps() throws {
    var stream = RandomStream(seed: 3, purpose: .testing)
    var (read, refused) = (0, 0)
    for golden in GoldenPNG.all {
      for round in 0..<60 {
        var file = Array(golden.file)
        for _ in 0...stream.below(3) { Self.damage(&file, &stream) }
        if round % 2 == 0 { Self.repairChecksums(&file) }
        do {
          let picture = try PNG.decode(file, path: "a.png")
          #expect(picture.pixels.count == picture.width * picture.height)
          read += 1
        } catch {
          #expect(error.description.hasPrefix("a.png: "))
          refused += 1
        }
      }
    }
    #expect(read > 20 && refused > 1000)
  }

  private static func damage(_ file: inout [UInt8], _ stream: inout RandomStream) {
    guard !file.isEmpty else { return }
    let place = stream.below(file.count)
    switch stream.below(6) {
    case 0: file.removeSubrange(place...)
    case 1: file.remove(at: place)
    case 2: file.insert(contentsOf: file[place...].prefix(20), at: place)
    // The header decides most.
    case 3 where file.count > 29: file[16 + stream.below(13)] = UInt8(stream.below(20))
    default: file[place] = UInt8(stream.below(256))
    }
  }

  private static func repairChecksums(_ file: inout [UInt8]) {
    var place = 8
    while place + 12 <= file.count {
      let size = Int(bigEndian: file[place..<place + 4])
      let end = place + 8 + size
      guard end + 4 <= file.count else { return }
      let body = Array(file[place + 4..<end])
      file.replaceSubrange(end..<end + 4, with: number(Int(crc32(0, body, uInt(body.count)))))
      place = end + 4
    }
  }
}
