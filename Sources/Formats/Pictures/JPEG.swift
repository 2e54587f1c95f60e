/// JPEG pictures, read by the system's libturbojpeg, or on Apple's systems by ImageIO.
public enum JPEG {
  /// Reads a picture as grey, upright as EXIF says it was seen.
  ///
  /// - Parameter path: the file's name in messages.
  /// - Throws: ``PictureFormatError``, or ``PictureLibraryError`` without the library.
  public static func decode(_ file: [UInt8], path: String) throws -> GrayPicture {
    let header = try JPEGHeader(file, path: path)
    #if canImport(ImageIO)
      return try ImageIOPicture.decode(file, format: "JPEG", path: path)
    #else
      guard let library = TurboJPEG.shared else {
        throw PictureLibraryError.missing(
          path: path, format: "JPEG", library: TurboJPEG.name, package: "libturbojpeg0")
      }
      let samples = try library.samples(file, header, path: path)
      return GrayPicture(
        width: header.width, height: header.height, pixels: gray(samples, header)
      ).upright(from: header.orientation)
    #endif
  }

  private static func gray(_ samples: [UInt8], _ header: JPEGHeader) -> [UInt8] {
    switch header.componentCount {
    case 1: return samples
    case 3:
      return stride(from: 0, to: samples.count, by: 3).map { place in
        GrayPicture.luminance(
          Int(samples[place]), Int(samples[place + 1]), Int(samples[place + 2]))
      }
    default:
      // Cyan, magenta and yellow each take their share of red, green and blue, black of all three.
      return stride(from: 0, to: samples.count, by: 4).map { place in
        func light(_ ink: Int) -> Int {
          header.isAdobe ? Int(samples[place + ink]) : 255 - Int(samples[place + ink])
        }
        func color(_ ink: Int) -> Int { (light(ink) * light(3) + 127) / 255 }
        return GrayPicture.luminance(color(0), color(1), color(2))
      }
    }
  }
}

extension PictureFormat {
  static let jpeg = PictureFormat(
    name: "JPEG", isStart: { $0.starts(with: [0xFF, 0xD8, 0xFF]) },
    read: { try JPEG.decode($0, path: $1) })
}

#if !canImport(ImageIO)
  /// The functions of libjpeg-turbo's TurboJPEG interface, version 2.
  ///
  /// Safe for whoever uses them here: they have the types that its header gives them, a decoder is
  /// freed once, and samples are written where there is room for all of them.
  @safe private struct TurboJPEG: Sendable {
    typealias Pointer = UnsafeMutableRawPointer
    typealias Create = @Sendable @convention(c) () -> Pointer?
    typealias Destroy = @Sendable @convention(c) (Pointer?) -> CInt
    typealias Decompress =
      @Sendable @convention(c) (
        Pointer?, UnsafePointer<UInt8>?, CUnsignedLong, UnsafeMutablePointer<UInt8>?, CInt, CInt,
        CInt, CInt, CInt
      ) -> CInt
    typealias ErrorText = @Sendable @convention(c) (Pointer?) -> UnsafePointer<CChar>?
    typealias ErrorCode = @Sendable @convention(c) (Pointer?) -> CInt

    static let name = "libturbojpeg.so.0"
    static let shared = TurboJPEG()

    private let create: Create
    private let destroy: Destroy
    private let decompress: Decompress
    private let errorText: ErrorText
    private let errorCode: ErrorCode

    private init?() {
      guard let library = SystemLibrary(Self.name),
        let create = unsafe library.function("tjInitDecompress", Create.self),
        let destroy = unsafe library.function("tjDestroy", Destroy.self),
        let decompress = unsafe library.function("tjDecompress2", Decompress.self),
        let errorText = unsafe library.function("tjGetErrorStr2", ErrorText.self),
        let errorCode = unsafe library.function("tjGetErrorCode", ErrorCode.self)
      else { return nil }
      unsafe (self.create, self.destroy, self.decompress) = unsafe (create, destroy, decompress)
      unsafe (self.errorText, self.errorCode) = unsafe (errorText, errorCode)
    }

    /// The exact inverse cosine transform (4096), and at most 500 scans (32768).
    private static let flags: CInt = 4096 | 32768

    /// The samples: one, three (red, green, blue) or four (inks) a pixel.
    func samples(
      _ file: [UInt8], _ header: JPEGHeader, path: String
    ) throws(PictureFormatError) -> [UInt8] {
      func damaged(_ reason: String) -> PictureFormatError {
        PictureFormatError(path: path, format: "JPEG", problem: .damaged(reason))
      }
      guard let decoder = unsafe create() else { throw damaged("the decoder cannot begin") }
      defer { _ = unsafe destroy(decoder) }
      // TJPF_GRAY, TJPF_RGB and TJPF_CMYK.
      let format: CInt = header.componentCount == 1 ? 6 : header.componentCount == 3 ? 0 : 11
      let (width, height) = (CInt(header.width), CInt(header.height))
      var status: CInt = 0
      let count = header.width * header.height * header.componentCount
      let samples = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
        unsafe buffer.initialize(repeating: 0)
        status = unsafe decompress(
          decoder, file, CUnsignedLong(file.count), buffer.baseAddress, width, 0, height, format,
          Self.flags)
        written = count
      }
      guard status != 0 else { return samples }
      let text = unsafe errorText(decoder).map { unsafe String(cString: $0) } ?? "unknown"
      // Cameras leave bytes between segments, which harm nothing; any other warning is of damage.
      guard unsafe errorCode(decoder) == 0, text.contains("extraneous bytes before marker") else {
        throw damaged(text.sentencePart)
      }
      return samples
    }
  }
#endif

extension String {
  /// A library's sentence as part of one of ours.
  var sentencePart: String {
    let line = split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.hasSuffix(".") ? String(line.dropLast()) : line
  }
}
