import Formats
import Support
import Tensor
import Testing

@Suite struct NetpbmTests {
  private func decode(_ bytes: [UInt8]) throws(NetpbmError) -> GrayPicture {
    try Netpbm.decode(bytes, path: "a.pgm")
  }

  private func decode(_ text: String) throws(NetpbmError) -> GrayPicture {
    try decode(Array(text.utf8))
  }

  @Test func numbersAreRead() throws {
    let picture = try decode("P2 # a comment\n#another\n3\t2\n4\n0 1 2\n3 4 4\n")
    #expect(picture == GrayPicture(width: 3, height: 2, pixels: [0, 64, 128, 191, 255, 255]))
  }

  @Test func bytesAreRead() throws {
    let picture = try decode(Array("P5 2 2 255\n".utf8) + [0, 10, 35, 255])
    #expect(picture.pixels == [0, 10, 35, 255])
  }

  @Test func sixteenBitsAreRoundedToEight() throws {
    let picture = try decode(Array("P5 2 1 65535\n".utf8) + [0x80, 0x00, 0xFF, 0x00])
    #expect(picture.pixels == [128, 254])
  }

  @Test func bitsAreRead() throws {
    let text = try decode("P1\n3 2\n0 1 0\n# a comment\n110")
    #expect(text.pixels == [255, 0, 255, 0, 0, 255])
    let bytes = try decode(Array("P4 9 2\n".utf8) + [0b1010_0000, 0b1000_0000, 0, 0])
    #expect(
      bytes.pixels == [0, 255, 0, 255, 255, 255, 255, 255, 0] + [UInt8](repeating: 255, count: 9))
  }

  @Test func colorsBecomeGray() throws {
    #expect(try decode("P3 2 1 15 15 0 0  0 0 15").pixels == [76, 29])
    let deep = Array("P6 1 1 65535\n".utf8) + [0, 0, 0xFF, 0xFF, 0, 0]
    #expect(try decode(deep).pixels == [150])
  }

  @Test(arguments: [
    ("P8 1 1 255 ", "is a netpbm picture of kind P8, expected P1 to P6; convert it to PNG"),
    ("P1 3 1 012", "pixel 2 is 2, above the largest value 1; save it anew"),
    ("P4 9 2 abc", "header promises 4 bytes of pixels, the file has 3; copy it again"),
    ("P6 1 1 255 ab", "header promises 3 bytes of pixels, the file has 2; copy it again"),
    ("P5 x", "has no number at byte 3, expected the width; save it anew"),
    ("P5 3 0 255 ", "has a width or height of 0; save it anew"),
    (
      "P5 99999 99999 255 ",
      "has 99999 x 99999 pixels, more than the 67108864 that are read; make "
        + "it smaller"
    ),
    ("P5 1 1 65536 a", "its largest value is 65536, expected 1 to 65535; save it anew"),
    ("P2 1 2 3 2 4 ", "pixel 1 is 4, above the largest value 3; save it anew"),
    ("P2 1 2 3 2 x", "has no number at byte 11, expected the value of pixel 1; save it anew"),
    ("P2 9 9 3 2 ", "header promises 161 bytes of pixels, the file has 2; copy it again"),
    ("P5 2 2 255 abc", "header promises 4 bytes of pixels, the file has 3; copy it again"),
    ("P5 1 1 255 ab", "goes on behind its last pixel at byte 12; keep one picture in a file"),
  ])
  func damageIsNamed(text: String, message: String) {
    let error = #expect(throws: NetpbmError.self) { try decode(text) }
    #expect(error?.description == "a.pgm: " + message)
    #expect(error?.exitCode == .dataError)
  }

  @Test func noDamageTraps() {
    var stream = RandomStream(seed: 4, purpose: .testing)
    let files = [
      Array("P2 3 2 9 0 1 2 3 4 5\n".utf8), Array("P5 3 2 255 abcdef".utf8),
      Array("P5 2 1 999 \u{1}b\u{2}d".utf8), Array("P1 3 2 0 1 0 1 0 1".utf8),
      Array("P6 1 2 255 abcdef".utf8), Array("P4 3 2 ab".utf8),
    ]
    let likely = Array("0129 \n#P".utf8)
    var (read, refused) = (0, 0)
    for _ in 0..<3000 {
      var file = files[stream.below(files.count)]
      for _ in 0...stream.below(3) {
        let place = stream.below(file.count)
        file[place] = stream.below(2) == 0 ? UInt8(stream.below(256)) : likely[stream.below(8)]
      }
      if stream.below(4) == 0 { file.removeLast(stream.below(file.count)) }
      do {
        let picture = try decode(file)
        #expect(picture.pixels.count == picture.width * picture.height)
        read += 1
      } catch {
        #expect(error.description.hasPrefix("a.pgm: "))
        refused += 1
      }
    }
    #expect(read > 20 && refused > 1000)
  }
}
