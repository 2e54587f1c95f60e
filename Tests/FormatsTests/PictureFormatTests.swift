import Foundation
import Support
import Testing

@testable import Formats

/// Pictures of every format and Pillow's greys of them, made by `Scripts/golden/pictures.py`.
struct GoldenPicture: Decodable, CustomTestStringConvertible, Sendable {
  let name: String
  let width: Int
  let height: Int
  /// How far a grey may be from Pillow's: libraries and their versions round colours differently.
  let tolerance: Int
  let file: Data
  let gray: Data

  var testDescription: String { name }
  var bytes: [UInt8] { Array(file) }

  static let all: [GoldenPicture] = {
    struct Content: Decodable { let pictures: [GoldenPicture] }
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Golden/pictures.json")
    let content = try? JSONDecoder().decode(Content.self, from: Data(contentsOf: path))
    return content?.pictures ?? []
  }()

  static func named(_ prefixes: String...) -> [GoldenPicture] {
    all.filter { picture in prefixes.contains { picture.name.hasPrefix($0) } }
  }

  /// Whether it is read as Pillow reads it, with the format told by the bytes alone.
  func expectRead() throws {
    let picture = try PictureFormat.decode(bytes, path: "a")
    #expect(picture.width == width && picture.height == height)
    let furthest = zip(picture.pixels, gray).map { abs(Int($0) - Int($1)) }.max() ?? 255
    #expect(furthest <= tolerance, "\(furthest) from Pillow's")
  }
}

@Suite struct PictureFormatTests {
  private static func has(_ library: String) -> Bool { SystemLibrary(library) != nil }

  @Test(arguments: GoldenPicture.named("p", "bmp"))
  func plainPicturesAreReadAsPillowReadsThem(picture: GoldenPicture) throws {
    try picture.expectRead()
  }

  @Test(
    .enabled(if: has("libturbojpeg.so.0"), "libturbojpeg.so.0 is not installed"),
    arguments: GoldenPicture.named("jpeg"))
  func photosAreReadAsPillowReadsThem(picture: GoldenPicture) throws { try picture.expectRead() }

  @Test(
    .enabled(if: has("libwebp.so.7"), "libwebp.so.7 is not installed"),
    arguments: GoldenPicture.named("webp"))
  func webPicturesAreReadAsPillowReadsThem(picture: GoldenPicture) throws {
    try picture.expectRead()
  }

  @Test(
    .enabled(if: has("libheif.so.1"), "libheif.so.1 is not installed"),
    arguments: GoldenPicture.named("heic", "avif"))
  func phonesPicturesAreReadAsPillowReadsThem(picture: GoldenPicture) throws {
    do {
      try picture.expectRead()
    } catch let error as PictureLibraryError {
      // A library without one of its decoders says so.
      #expect(error.exitCode == .unavailable)
    }
  }

  @Test func everyFormatHasGoldenPictures() { #expect(GoldenPicture.all.count == 33) }

  @Test func aMissingLibraryIsNamedWithItsPackage() {
    #expect(SystemLibrary("libnothing.so.9") == nil)
    let error = PictureLibraryError.missing(
      path: "a.jpg", format: "JPEG", library: "libturbojpeg.so.0", package: "libturbojpeg0")
    #expect(
      error.description
        == "a.jpg: is a JPEG picture, which the library libturbojpeg.so.0 reads and which is not "
        + "there; install it (Debian's package libturbojpeg0), or save the picture as PNG")
    #expect(error.exitCode == .unavailable)
  }

  @Test(arguments: [
    ("GIF89a", "a GIF picture", "magick dir/IN.x[0] dir/IN.png"),
    ("II*\0", "a TIFF picture", "magick dir/IN.x[0] dir/IN.png"),
    ("%PDF-1.7", "a PDF document", "pdftoppm -png -r 150 dir/IN.x dir/IN"),
    (
      "<?xml version=\"1.0\"?>\n<SVG>", "an SVG picture",
      "rsvg-convert -o dir/IN.png dir/IN.x"
    ),
    ("....ftypisom", "a film", "ffmpeg -i dir/IN.x -frames:v 1 dir/IN.png"),
  ])
  func otherKindsAreNamedWithTheProgramThatConvertsThem(
    start: String, name: String, command: String
  ) {
    let error = #expect(throws: PictureKindError.self) {
      try PictureFormat.decode(Array(start.utf8), path: "dir/IN.x")
    }
    #expect(
      error?.description == "dir/IN.x: is \(name), which is not read; convert it with '\(command)'")
    #expect(error?.exitCode == .dataError)
  }

  @Test func whatIsNoPictureIsNamed() {
    #expect(throws: PictureKindError.empty(path: "a")) { try PictureFormat.decode([], path: "a") }
    let error = #expect(throws: PictureKindError.self) {
      try PictureFormat.decode([7, 0xAB], path: "a")
    }
    #expect(
      error?.description
        == "a: starts with the bytes 07 AB, expected a picture (PNG, PGM, PPM or PBM, BMP, JPEG, "
        + "WebP or HEIC or AVIF); save it as PNG")
  }
}

@Suite struct BMPTests {
  private func file(_ name: String) -> [UInt8] {
    GoldenPicture.all.first { $0.name == name }?.bytes ?? []
  }

  private func message(_ bytes: [UInt8]) -> String? {
    let error = #expect(throws: PictureFormatError.self) { try BMP.decode(bytes, path: "a.bmp") }
    return error?.description
  }

  @Test func truncationIsNamedWithBothSizes() {
    #expect(
      message(Array(file("bmp RGB").dropLast(100)))
        == "a.bmp: the BMP picture's pixels should be 840 bytes, 740 are there; copy it again")
    #expect(
      message(Array(file("bmp RGB").prefix(30)))
        == "a.bmp: the BMP picture's header should be 54 bytes, 30 are there; copy it again")
  }

  @Test(arguments: [
    (14, 41, "header size is 41, expected 12, 40, 52, 56, 64, 108 or 124"),
    (28, 25, "depth is 25, expected 1, 2, 4, 8, 16, 24 or 32 bits"),
    (30, 9, "compression is 9, expected one that fits 24 bits"),
  ])
  func wrongNumbersOfTheHeaderAreNamed(place: Int, value: UInt8, problem: String) {
    var bytes = file("bmp RGB")
    bytes[place] = value
    #expect(message(bytes) == "a.bmp: the BMP picture's \(problem); save it anew")
  }

  @Test func aPictureLargerThanItsFileIsRefusedBeforeItIsAllocated() {
    var bytes = file("bmp runs 8")
    bytes.replaceSubrange(18..<26, with: [0, 0x20, 0, 0, 0, 0x20, 0, 0])
    #expect(
      message(bytes)
        == "a.bmp: promises 8192 x 8192 pixels in \(bytes.count) bytes, which are too few; "
        + "copy it again")
    bytes.replaceSubrange(18..<26, with: [0, 0, 0, 1, 0, 0, 0, 1])
    #expect(message(bytes)?.contains("more than the 67108864 that are read") == true)
  }

  @Test func runsThatLeaveTheirRowAreRefused() {
    var bytes = file("bmp runs 8")
    let start = Int(bytes[10])
    bytes[start] = 200
    #expect(
      message(bytes)
        == "a.bmp: the BMP picture is damaged: its run lengths leave row 0; copy it again")
  }
}

@Suite struct JPEGHeaderTests {
  private func message(_ bytes: [UInt8]) -> String? {
    let error = #expect(throws: PictureFormatError.self) { try JPEGHeader(bytes, path: "a.jpg") }
    return error?.description
  }

  private static let frame: [UInt8] = [0xFF, 0xC0, 0, 11, 8, 0x20, 0, 0x20, 0, 1, 1, 0x11, 0]

  @Test func damageBeforeThePixelsIsNamed() {
    #expect(
      message([0xFF, 0xD8, 0xFF, 0xE0, 0, 16])
        == "a.jpg: the JPEG picture's segment should be 16 bytes, 2 are there; copy it again")
    #expect(
      message([0xFF, 0xD8, 0xFF, 0xDA, 0, 2])
        == "a.jpg: the JPEG picture is damaged: it has no frame before its pixels; copy it again")
    #expect(
      message([0xFF, 0xD8] + Self.frame)
        == "a.jpg: promises 8192 x 8192 pixels in 15 bytes, which are too few; copy it again")
    var deep = Self.frame
    deep[4] = 12
    #expect(
      message([0xFF, 0xD8] + deep)
        == "a.jpg: is a JPEG picture of 12 bits a sample; save it as PNG")
  }

  @Test func theOrientationIsFoundInBothByteOrders() {
    let little: [UInt8] = [0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]
    let big: [UInt8] = [1, 0x12, 0, 3, 0, 0, 0, 1, 0, 8, 0, 0]
    let files = [
      Array("Exif\0\0II*\0".utf8) + [8, 0, 0, 0, 1, 0] + little,
      Array("MM\0*".utf8) + [0, 0, 0, 8, 0, 1] + big,
    ]
    #expect(files.map { PictureOrientation.number(inEXIF: $0[...]) } == [6, 8])
    for count in 0..<files[0].count {
      #expect(PictureOrientation.number(inEXIF: files[0].prefix(count)) == 1)
    }
  }
}
