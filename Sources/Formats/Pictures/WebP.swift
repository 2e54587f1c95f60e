/// WebP pictures, read by the system's libwebp, or on Apple's systems by ImageIO.
public enum WebP {
  /// Reads a picture as grey, upright as EXIF says it was seen.
  ///
  /// - Parameter path: the file's name in messages.
  /// - Throws: ``PictureFormatError``, or ``PictureLibraryError`` without the library.
  public static func decode(_ file: [UInt8], path: String) throws -> GrayPicture {
    let header = try WebPHeader(file, path: path)
    #if canImport(ImageIO)
      return try ImageIOPicture.decode(file, format: "WebP", path: path)
    #else
      guard let library = LibWebP.shared else {
        throw PictureLibraryError.missing(
          path: path, format: "WebP", library: LibWebP.name, package: "libwebp7")
      }
      return try library.picture(file, path: path).upright(from: header.orientation)
    #endif
  }
}

extension PictureFormat {
  static let webp = PictureFormat(
    name: "WebP",
    isStart: { start in
      start.starts(with: Array("RIFF".utf8))
        && start.dropFirst(8).starts(with: Array("WEBP".utf8))
    },
    read: { try WebP.decode($0, path: $1) })
}

/// The chunks of a WebP file. Google, "WebP Container Specification".
private struct WebPHeader {
  /// EXIF's number, from 1 to 8.
  private(set) var orientation = 1

  init(_ file: [UInt8], path: String) throws(PictureFormatError) {
    func failure(_ problem: PictureFormatError.Problem) -> PictureFormatError {
      PictureFormatError(path: path, format: "WebP", problem: problem)
    }
    guard file.count >= 20, file.uint32(4) <= file.count - 8 else {
      let promised = file.count >= 8 ? file.uint32(4) : 20
      throw failure(.cutShort(what: "file", promised: promised + 8, found: file.count))
    }
    var place = 12
    while place <= file.count - 8 {
      let content = place + 8
      let size = file.uint32(place + 4)
      guard size <= file.count - content else { break }
      let name = String(decoding: file[place..<place + 4], as: UTF8.self)
      if name == "VP8X", size >= 10, file[content] & 2 != 0 {
        throw failure(.unread("of several frames"))
      }
      if name == "EXIF" {
        orientation = PictureOrientation.number(inEXIF: file[content..<content + size])
      }
      place = content + size + size % 2
    }
  }
}

#if !canImport(ImageIO)
  /// The functions of libwebp's simple interface.
  ///
  /// Safe for whoever uses them here: they have the types that its header gives them, and addresses
  /// come with the bytes that are there.
  @safe private struct LibWebP: Sendable {
    typealias Extent = UnsafeMutablePointer<CInt>
    typealias GetInfo =
      @Sendable @convention(c) (UnsafePointer<UInt8>?, Int, Extent?, Extent?)
      -> CInt
    typealias Decode =
      @Sendable @convention(c) (
        UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UInt8>?, Int, CInt
      ) -> UnsafeMutablePointer<UInt8>?

    static let name = "libwebp.so.7"
    static let shared = LibWebP()

    private let getInfo: GetInfo
    private let decode: Decode

    private init?() {
      guard let library = SystemLibrary(Self.name),
        let getInfo = unsafe library.function("WebPGetInfo", GetInfo.self),
        let decode = unsafe library.function("WebPDecodeRGBAInto", Decode.self)
      else { return nil }
      unsafe (self.getInfo, self.decode) = unsafe (getInfo, decode)
    }

    func picture(_ file: [UInt8], path: String) throws(PictureFormatError) -> GrayPicture {
      func damaged(_ reason: String) -> PictureFormatError {
        PictureFormatError(path: path, format: "WebP", problem: .damaged(reason))
      }
      var (width, height): (CInt, CInt) = (0, 0)
      guard unsafe getInfo(file, file.count, &width, &height) != 0 else {
        throw damaged("libwebp cannot read its header")
      }
      try GrayPicture.check(
        width: Int(width), height: Int(height), bytes: file.count, format: "WebP", path: path)
      let count = 4 * Int(width) * Int(height)
      let samples = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
        unsafe buffer.initialize(repeating: 0)
        let isRead = unsafe decode(file, file.count, buffer.baseAddress, count, 4 * width) != nil
        written = isRead ? count : 0
      }
      guard !samples.isEmpty else { throw damaged("libwebp cannot read its pixels") }
      return GrayPicture(
        width: Int(width), height: Int(height), rgba: samples, rowSize: 4 * Int(width))
    }
  }
#endif

extension GrayPicture {
  /// A picture of red, green, blue and opacity, four bytes a pixel.
  ///
  /// - Parameter rowSize: the bytes from a row to the next.
  init(width: Int, height: Int, rgba: [UInt8], rowSize: Int) {
    var (gray, alpha): ([UInt8], [UInt8]) = ([], [])
    gray.reserveCapacity(width * height)
    alpha.reserveCapacity(width * height)
    for row in 0..<height {
      for place in stride(from: row * rowSize, to: row * rowSize + 4 * width, by: 4) {
        gray.append(
          GrayPicture.luminance(Int(rgba[place]), Int(rgba[place + 1]), Int(rgba[place + 2])))
        alpha.append(rgba[place + 3])
      }
    }
    if alpha.allSatisfy({ $0 == 255 }) {
      self.init(width: width, height: height, pixels: gray)
    } else {
      self.init(width: width, height: height, pixels: gray, alpha: alpha)
    }
  }
}
