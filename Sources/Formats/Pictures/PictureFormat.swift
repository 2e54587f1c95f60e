import Support

/// A format that pictures are kept in, told by a file's first bytes and never by its name.
///
/// Whatever the format, a picture becomes grey as ITU-R BT.601 weighs colours, in Pillow's whole
/// numbers, and what is transparent becomes paper (``GrayPicture``).
public struct PictureFormat: Sendable {
  /// Such as `PNG`.
  public let name: String
  /// Whether a file that starts so is of the format.
  let isStart: @Sendable (_ start: [UInt8]) -> Bool
  let read: @Sendable (_ file: [UInt8], _ path: String) throws -> GrayPicture

  /// All formats that are read.
  public static let all: [PictureFormat] = [.png, .netpbm, .bmp, .jpeg, .webp, .heif]

  /// The format of a file that starts so, or `nil`.
  public static func of(_ start: [UInt8]) -> PictureFormat? { all.first { $0.isStart(start) } }

  /// The bytes of a file's start that tell its format, or what else it is.
  public static let startSize = 512

  /// Reads a picture of any format.
  ///
  /// - Parameter path: the file's name in messages.
  /// - Throws: the format's error, or ``PictureKindError`` for what is none.
  public static func decode(_ file: [UInt8], path: String) throws -> GrayPicture {
    guard let format = of(file) else { throw PictureKindError(file, path: path) }
    return try format.read(file, path)
  }
}

/// A file that is of no format that is read.
public enum PictureKindError: UserError, Equatable {
  case empty(path: String)
  /// Something else that is known, and the command that makes a picture of it, if there is one.
  case foreign(path: String, name: String, command: String?)
  case unknown(path: String, start: [UInt8])

  init(_ file: [UInt8], path: String) {
    if file.isEmpty {
      self = .empty(path: path)
    } else if let known = ForeignFile.of(file) {
      self = .foreign(path: path, name: known.name, command: known.command(for: path))
    } else {
      self = .unknown(path: path, start: Array(file.prefix(4)))
    }
  }

  public var exitCode: ExitCode { .dataError }

  public var description: String {
    switch self {
    case .empty(let path): "\(path): is empty, expected a picture; copy it again"
    case .foreign(let path, let name, let command?):
      "\(path): is \(name), which is not read; convert it with '\(command)'"
    case .foreign(let path, let name, nil): "\(path): is \(name), expected a picture"
    case .unknown(let path, let start):
      "\(path): starts with the bytes \(Self.hexadecimal(start)), expected a picture"
        + " (\(PictureFormat.all.map(\.name).asChoices)); save it as PNG"
    }
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return digits.count == 1 ? "0" + digits : digits
    }.joined(separator: " ")
  }
}

/// What people might take for a picture that can be read.
private struct ForeignFile {
  /// With its article.
  let name: String
  let start: [UInt8]
  /// Where in the file that stands.
  var place = 0
  /// The program and its arguments, with `IN` for the file and `OUT` for its name without ending.
  var program: String?

  static func of(_ file: [UInt8]) -> ForeignFile? {
    if let known = all.first(where: { file.dropFirst($0.place).starts(with: $0.start) }) {
      return known
    }
    let text = String(decoding: file.prefix(PictureFormat.startSize), as: UTF8.self).lowercased()
    return texts.first { text.contains(String(decoding: $0.start, as: UTF8.self)) }
  }

  func command(for path: String) -> String? {
    let slash = path.lastIndex(of: "/") ?? path.startIndex
    let dot = path[slash...].dropFirst().lastIndex(of: ".") ?? path.endIndex
    return program?.replacing("IN", with: path, maxReplacements: 1)
      .replacing("OUT", with: path[..<dot], maxReplacements: 1)
  }

  private static let magick = "magick IN[0] OUT.png"
  private static let film = "ffmpeg -i IN -frames:v 1 OUT.png"

  private static let all = [
    ForeignFile(name: "a GIF picture", start: Array("GIF8".utf8), program: magick),
    ForeignFile(name: "a TIFF picture", start: Array("II*\0".utf8), program: magick),
    ForeignFile(name: "a TIFF picture", start: Array("MM\0*".utf8), program: magick),
    ForeignFile(name: "an icon", start: [0, 0, 1, 0], program: magick),
    ForeignFile(name: "a Photoshop picture", start: Array("8BPS".utf8), program: magick),
    ForeignFile(name: "a GIMP picture", start: Array("gimp xcf".utf8), program: magick),
    ForeignFile(name: "an OpenEXR picture", start: [0x76, 0x2F, 0x31, 1], program: magick),
    ForeignFile(name: "a QOI picture", start: Array("qoif".utf8), program: magick),
    ForeignFile(name: "a PAM picture", start: Array("P7\n".utf8), program: magick),
    ForeignFile(name: "a PFM picture", start: Array("Pf\n".utf8), program: magick),
    ForeignFile(name: "a PFM picture", start: Array("PF\n".utf8), program: magick),
    ForeignFile(
      name: "a JPEG 2000 picture", start: Array("jP  ".utf8), place: 4, program: magick),
    ForeignFile(
      name: "a JPEG XL picture", start: Array("JXL ".utf8), place: 4, program: "djxl IN OUT.png"),
    ForeignFile(name: "a JPEG XL picture", start: [0xFF, 0x0A], program: "djxl IN OUT.png"),
    ForeignFile(
      name: "a PDF document", start: Array("%PDF".utf8), program: "pdftoppm -png -r 150 IN OUT"),
    ForeignFile(
      name: "a PostScript document", start: Array("%!PS".utf8),
      program: "gs -q -dBATCH -dNOPAUSE -sDEVICE=pnggray -r150 -o OUT.png IN"),
    ForeignFile(
      name: "a DjVu document", start: Array("AT&TFORM".utf8),
      program: "ddjvu -format=pgm -page=1 IN OUT.pgm"),
    ForeignFile(name: "a film", start: Array("ftyp".utf8), place: 4, program: film),
    ForeignFile(name: "a zip archive", start: [0x50, 0x4B, 3, 4]),
    ForeignFile(name: "an HDF5 file", start: [0x89, 0x48, 0x44, 0x46]),
  ]

  /// Told by what stands anywhere near the start.
  private static let texts = [
    ForeignFile(
      name: "an SVG picture", start: Array("<svg".utf8), program: "rsvg-convert -o OUT.png IN"),
    ForeignFile(name: "a web page", start: Array("<html".utf8)),
    ForeignFile(name: "a web page", start: Array("<!doctype html".utf8)),
  ]
}
