import CPictures

/// HEIC and AVIF pictures, read by the system's libheif, or on Apple's systems by ImageIO.
///
/// Of several pictures in a file the primary one is read. It is upright: the file says how it is to
/// be turned, and EXIF's number counts for nothing.
public enum HEIF {
  /// Reads a picture as grey.
  ///
  /// - Parameter path: the file's name in messages.
  /// - Throws: ``PictureFormatError``, or ``PictureLibraryError`` without the library or one of its
  ///   decoders.
  public static func decode(_ file: [UInt8], path: String) throws -> GrayPicture {
    #if canImport(ImageIO)
      return try ImageIOPicture.decode(file, format: Brand.format(file), path: path)
    #else
      guard let library = LibHEIF.shared else {
        throw PictureLibraryError.missing(
          path: path, format: Brand.format(file), library: LibHEIF.name, package: "libheif1")
      }
      return try library.picture(file, path: path)
    #endif
  }

  /// The four letters at byte 8 that say what is in the file. ISO/IEC 23008-12, annex B; "AV1 Image
  /// File Format", 1.1.
  fileprivate enum Brand {
    static let av1 = ["avif", "avis"]
    static let hevc = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"]

    static func of(_ file: [UInt8]) -> String {
      String(decoding: file.dropFirst(8).prefix(4), as: UTF8.self)
    }

    static func format(_ file: [UInt8]) -> String { av1.contains(of(file)) ? "AVIF" : "HEIC" }
  }
}

extension PictureFormat {
  static let heif = PictureFormat(
    name: "HEIC or AVIF",
    isStart: { start in
      start.dropFirst(4).starts(with: Array("ftyp".utf8))
        && (HEIF.Brand.av1 + HEIF.Brand.hevc).contains(HEIF.Brand.of(start))
    },
    read: { try HEIF.decode($0, path: $1) })
}

#if !canImport(ImageIO)
  /// The functions of libheif, as of version 1.
  ///
  /// Safe for whoever uses them here: they have the types that libheif's headers give them, every
  /// object is freed once and not used after, and a plane has as many rows of bytes as is said.
  @safe private struct LibHEIF: Sendable {
    typealias Pointer = UnsafeMutableRawPointer
    typealias Create = @Sendable @convention(c) () -> Pointer?
    typealias Release = @Sendable @convention(c) (Pointer?) -> Void
    typealias Extent = @Sendable @convention(c) (Pointer?) -> CInt
    typealias Read =
      @Sendable @convention(c) (Pointer?, UnsafeRawPointer?, Int, UnsafeRawPointer?)
      -> heif_result
    typealias Primary =
      @Sendable @convention(c) (Pointer?, UnsafeMutablePointer<Pointer?>?)
      -> heif_result
    typealias Decode =
      @Sendable @convention(c) (
        Pointer?, UnsafeMutablePointer<Pointer?>?, CInt, CInt, UnsafeRawPointer?
      ) -> heif_result
    typealias Plane =
      @Sendable @convention(c) (Pointer?, CInt, UnsafeMutablePointer<CInt>?)
      -> UnsafePointer<UInt8>?
    typealias ImageExtent = @Sendable @convention(c) (Pointer?, CInt) -> CInt
    typealias HasDecoder = @Sendable @convention(c) (CInt) -> CInt

    static let name = "libheif.so.1"
    static let shared = LibHEIF()

    private let newContext: Create
    private let freeContext: Release
    private let read: Read
    private let primary: Primary
    private let freeHandle: Release
    private let width: Extent
    private let height: Extent
    private let decode: Decode
    private let freeImage: Release
    private let plane: Plane
    private let imageWidth: ImageExtent
    private let imageHeight: ImageExtent
    private let hasDecoder: HasDecoder

    private init?() {
      guard let library = SystemLibrary(Self.name) else { return nil }
      func function<Function>(_ name: String, _ type: Function.Type) -> Function? {
        unsafe library.function("heif_" + name, type)
      }
      guard let newContext = unsafe function("context_alloc", Create.self),
        let freeContext = unsafe function("context_free", Release.self),
        let read = unsafe function("context_read_from_memory_without_copy", Read.self),
        let primary = unsafe function("context_get_primary_image_handle", Primary.self),
        let freeHandle = unsafe function("image_handle_release", Release.self),
        let width = unsafe function("image_handle_get_width", Extent.self),
        let height = unsafe function("image_handle_get_height", Extent.self),
        let decode = unsafe function("decode_image", Decode.self),
        let freeImage = unsafe function("image_release", Release.self),
        let plane = unsafe function("image_get_plane_readonly", Plane.self),
        let imageWidth = unsafe function("image_get_width", ImageExtent.self),
        let imageHeight = unsafe function("image_get_height", ImageExtent.self),
        let hasDecoder = function("have_decoder_for_format", HasDecoder.self)
      else { return nil }
      unsafe (self.newContext, self.freeContext, self.read) = unsafe (newContext, freeContext, read)
      unsafe (self.primary, self.freeHandle, self.width) = unsafe (primary, freeHandle, width)
      unsafe (self.height, self.decode, self.freeImage) = unsafe (height, decode, freeImage)
      unsafe (self.plane, self.imageWidth, self.imageHeight) = unsafe (
        plane, imageWidth, imageHeight
      )
      self.hasDecoder = hasDecoder
    }

    func picture(_ file: [UInt8], path: String) throws -> GrayPicture {
      guard let context = unsafe newContext() else {
        throw damaged(file, path, "libheif cannot begin")
      }
      defer { unsafe freeContext(context) }
      // The library looks into the file's bytes until its context is freed.
      return try unsafe file.withUnsafeBytes { bytes in
        try unsafe check(read(context, bytes.baseAddress, bytes.count, nil), file, path)
        var handle: Pointer?
        try unsafe check(primary(context, &handle), file, path)
        defer { unsafe freeHandle(handle) }
        try unsafe GrayPicture.check(
          width: Int(width(handle)), height: Int(height(handle)), bytes: file.count,
          format: HEIF.Brand.format(file), path: path)
        var image: Pointer?
        // heif_colorspace_RGB, heif_chroma_interleaved_RGBA.
        let result = unsafe decode(handle, &image, 1, 11, nil)
        if unsafe result.code != 0 { try checkDecoder(file, path) }
        try unsafe check(result, file, path)
        defer { unsafe freeImage(image) }
        return try unsafe picture(of: image, file, path)
      }
    }

    private func picture(of image: Pointer?, _ file: [UInt8], _ path: String) throws -> GrayPicture
    {
      // heif_channel_interleaved.
      let channel: CInt = 10
      let width = unsafe Int(imageWidth(image, channel))
      let height = unsafe Int(imageHeight(image, channel))
      var rowSize: CInt = 0
      guard let samples = unsafe plane(image, channel, &rowSize), width > 0, height > 0,
        Int(rowSize) >= 4 * width, width <= GrayPicture.mostPixels / height
      else { throw damaged(file, path, "libheif gives no pixels") }
      let size = Int(rowSize) * (height - 1) + 4 * width
      return unsafe GrayPicture(
        width: width, height: height,
        rgba: Array(UnsafeBufferPointer(start: samples, count: size)), rowSize: Int(rowSize))
    }

    /// - Throws: ``PictureLibraryError`` if a decoder is missing that the file needs.
    private func checkDecoder(_ file: [UInt8], _ path: String) throws {
      // heif_compression_AV1 and heif_compression_HEVC.
      let isAV1 = HEIF.Brand.av1.contains(HEIF.Brand.of(file))
      guard hasDecoder(isAV1 ? 4 : 1) == 0 else { return }
      throw PictureLibraryError.decoderMissing(
        path: path, format: HEIF.Brand.format(file),
        package: isAV1 ? "libheif-plugin-dav1d" : "libheif-plugin-libde265")
    }

    private func check(_ result: heif_result, _ file: [UInt8], _ path: String) throws {
      guard unsafe result.code != 0 else { return }
      let text =
        unsafe result.message.map { unsafe String(cString: $0) } ?? "error \(result.code)"
      throw damaged(file, path, "libheif says '\(text.sentencePart)'")
    }

    private func damaged(
      _ file: [UInt8], _ path: String, _ reason: String
    ) -> PictureFormatError {
      PictureFormatError(path: path, format: HEIF.Brand.format(file), problem: .damaged(reason))
    }
  }
#endif
