import Datasets
import Formats
import Support

/// A file of pictures: PNG or PGM, or images as data sets have them (IDX, NumPy's arrays, tables), as
/// its first bytes say, each also compressed with gzip.
public enum PictureFile {
  /// The grey pictures in a file: one, or all of a data set's file, upright.
  ///
  /// - Parameter transposed: whether a data set's file holds rows and columns swapped; `nil` lets it
  ///   decide.
  /// - Throws: ``FileError``, ``GzipError``, ``PNGError``, ``PGMError``, what
  ///   ``LoosePictures/init(reading:_:)`` throws, and ``PictureError``.
  public static func read(_ path: String, transposed: Bool? = nil) throws -> [GrayPicture] {
    if LoosePictures.isTable(path) { return try loose(path, transposed) }
    let bytes = try Gzip.contents(of: path)
    guard let first = bytes.first else { throw PictureError.empty(path: path) }
    switch first {
    case PNG.signature[0] where bytes.dropFirst().starts(with: PNG.signature[1..<4]):
      return [try PNG.decode(bytes, path: path)]
    case UInt8(ascii: "P") where bytes.count > 1 && (0x31...0x37).contains(bytes[1]):
      return [try PGM.decode(bytes, path: path)]
    case 0: return try loose(path, transposed)
    case 0x93 where NPY.isArray(bytes): return try loose(path, transposed)
    default: throw PictureError.unknown(path: path, Self.kind(bytes))
    }
  }

  private static func loose(_ path: String, _ transposed: Bool?) throws -> [GrayPicture] {
    let images = try LoosePictures(reading: path, DataRequest(transposed: transposed))
    let size = images.height * images.width
    return stride(from: 0, to: images.pixels.count, by: size).map { start in
      GrayPicture(
        width: images.width, height: images.height,
        pixels: Array(images.pixels[start..<start + size]))
    }
  }

  /// What people might have taken for a picture that can be read.
  private static func kind(_ bytes: [UInt8]) -> String {
    let starts: [(String, [UInt8])] = [
      ("a JPEG picture", [0xFF, 0xD8, 0xFF]), ("a GIF picture", Array("GIF8".utf8)),
      ("a BMP picture", Array("BM".utf8)), ("a TIFF picture", Array("II*\0".utf8)),
      ("a TIFF picture", Array("MM\0*".utf8)), ("a WebP picture", Array("RIFF".utf8)),
      ("a PDF document", Array("%PDF".utf8)), ("an SVG picture", Array("<svg".utf8)),
      ("a zip archive", [0x50, 0x4B, 0x03, 0x04]),
    ]
    if let known = starts.first(where: { bytes.starts(with: $0.1) }) { return "is \(known.0)" }
    if bytes.dropFirst(4).starts(with: Array("ftyp".utf8)) { return "is an HEIF or AVIF picture" }
    let start = bytes.prefix(4).map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return digits.count == 1 ? "0" + digits : digits
    }
    return "starts with the bytes \(start.joined(separator: " "))"
  }
}

/// A file that cannot be classified.
public enum PictureError: UserError, Equatable {
  case empty(path: String)
  case unknown(path: String, String)
  case blank(path: String, index: Int?)

  public var exitCode: ExitCode { .dataError }

  public var description: String {
    switch self {
    case .empty(let path): "\(path): is empty, expected a PNG, PGM or IDX file; copy it again"
    case .unknown(let path, let found):
      "\(path): \(found), expected a PNG, PGM or IDX file; save the picture as PNG"
    case .blank(let path, let index):
      "\(path): " + (index.map { "picture \($0)" } ?? "the picture")
        + " has no ink that stands out from its border; check the file, or try --[no-]invert"
    }
  }
}
