import Support

/// SVG documents as pictures of pixels, drawn by the system's librsvg.
public enum SVGRaster {
  /// Draws a document on white paper and returns it as a PNG.
  ///
  /// - Parameters:
  ///   - document: an SVG file of a known size; librsvg knows no variables of style sheets.
  ///   - width: of the document in its own units, as `height`.
  ///   - scale: pixels a unit.
  /// - Throws: ``SVGRasterError``.
  public static func png(
    _ document: String, width: Double, height: Double, scale: Double = 2
  ) throws(SVGRasterError) -> [UInt8] {
    guard let library = LibRSVG.shared else { throw .missing }
    let columns = Int((width * scale).rounded(.up))
    let rows = Int((height * scale).rounded(.up))
    guard let pixels = library.pixels(Array(document.utf8), width: columns, height: rows) else {
      throw .notDrawn
    }
    return PNG.encode(rgb: pixels, width: columns, height: rows)
  }
}

/// A drawing that cannot be had as pixels.
public enum SVGRasterError: UserError, Equatable {
  case missing
  case notDrawn

  public var exitCode: ExitCode { .unavailable }

  public var description: String {
    switch self {
    case .missing:
      "drawings as PNG need the libraries \(LibRSVG.names.asEnumeration), which are not all there; "
        + "install them (Debian's package librsvg2-2), or use the SVG files"
    case .notDrawn:
      "\(LibRSVG.names[0]) could not draw a picture; use the SVG files, or another version of it"
    }
  }
}

/// The functions of librsvg 2.46 and later, cairo and GObject that a drawing takes.
///
/// Safe for whoever uses them here: they have the types that the libraries' headers give them, each
/// object is released once, and pixels are read within the surface that is asked for its size.
@safe private struct LibRSVG: Sendable {
  typealias Pointer = UnsafeMutableRawPointer
  typealias Read =
    @Sendable @convention(c) (UnsafePointer<UInt8>?, CUnsignedLong, Pointer?) -> Pointer?
  typealias Render =
    @Sendable @convention(c) (Pointer?, Pointer?, UnsafePointer<Double>?, Pointer?) -> CInt
  typealias MakeSurface = @Sendable @convention(c) (CInt, CInt, CInt) -> Pointer?
  typealias MakeContext = @Sendable @convention(c) (Pointer?) -> Pointer?
  typealias Act = @Sendable @convention(c) (Pointer?) -> Void
  typealias SetColor = @Sendable @convention(c) (Pointer?, Double, Double, Double) -> Void
  typealias Number = @Sendable @convention(c) (Pointer?) -> CInt
  typealias Bytes = @Sendable @convention(c) (Pointer?) -> UnsafePointer<UInt8>?

  static let names = ["librsvg-2.so.2", "libcairo.so.2", "libgobject-2.0.so.0"]
  static let shared = LibRSVG()

  private let read: Read
  private let render: Render
  private let release: Act
  private let makeSurface: MakeSurface
  private let makeContext: MakeContext
  private let setColor: SetColor
  private let paint: Act
  private let flush: Act
  private let bytes: Bytes
  private let stride: Number
  private let destroyContext: Act
  private let destroySurface: Act

  private init?() {
    guard let svg = SystemLibrary(Self.names[0]), let cairo = SystemLibrary(Self.names[1]),
      let object = SystemLibrary(Self.names[2]),
      let read = unsafe svg.function("rsvg_handle_new_from_data", Read.self),
      let render = unsafe svg.function("rsvg_handle_render_document", Render.self),
      let release = unsafe object.function("g_object_unref", Act.self),
      let makeSurface = unsafe cairo.function("cairo_image_surface_create", MakeSurface.self),
      let makeContext = unsafe cairo.function("cairo_create", MakeContext.self),
      let setColor = unsafe cairo.function("cairo_set_source_rgb", SetColor.self),
      let paint = unsafe cairo.function("cairo_paint", Act.self),
      let flush = unsafe cairo.function("cairo_surface_flush", Act.self),
      let bytes = unsafe cairo.function("cairo_image_surface_get_data", Bytes.self),
      let stride = unsafe cairo.function("cairo_image_surface_get_stride", Number.self),
      let destroyContext = unsafe cairo.function("cairo_destroy", Act.self),
      let destroySurface = unsafe cairo.function("cairo_surface_destroy", Act.self)
    else { return nil }
    unsafe (self.read, self.render, self.release) = unsafe (read, render, release)
    unsafe (self.makeSurface, self.makeContext) = unsafe (makeSurface, makeContext)
    unsafe (self.setColor, self.paint, self.flush) = unsafe (setColor, paint, flush)
    unsafe (self.bytes, self.stride) = unsafe (bytes, stride)
    unsafe (self.destroyContext, self.destroySurface) = unsafe (destroyContext, destroySurface)
  }

  /// Red, green and blue of every pixel, row by row; `nil` if it cannot be drawn.
  func pixels(_ document: [UInt8], width: Int, height: Int) -> [UInt8]? {
    guard let handle = unsafe read(document, CUnsignedLong(document.count), nil) else {
      return nil
    }
    defer { unsafe release(handle) }
    // CAIRO_FORMAT_RGB24: 32 bits a pixel in the machine's order, the highest eight unused.
    guard let surface = unsafe makeSurface(1, CInt(width), CInt(height)) else { return nil }
    defer { unsafe destroySurface(surface) }
    guard let context = unsafe makeContext(surface) else { return nil }
    defer { unsafe destroyContext(context) }
    unsafe setColor(context, 1, 1, 1)
    unsafe paint(context)
    let viewport = [0, 0, Double(width), Double(height)]
    guard unsafe render(handle, context, viewport, nil) != 0 else { return nil }
    unsafe flush(surface)
    guard let samples = unsafe bytes(surface) else { return nil }
    let rowBytes = Int(unsafe stride(surface))
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * 3)
    for y in 0..<height {
      for x in 0..<width {
        let place = y * rowBytes + 4 * x
        for byte in [2, 1, 0] { pixels.append(unsafe samples[place + byte]) }
      }
    }
    return pixels
  }
}
