import Support
import Testing

@testable import Formats

private let isThere = ["librsvg-2.so.2", "libcairo.so.2", "libgobject-2.0.so.0"].allSatisfy {
  SystemLibrary($0) != nil
}

@Suite struct SVGRasterTests {
  private let square = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 5" width="10" height="5">\
    <rect x="0" y="0" width="5" height="5" style="fill:#000000"/></svg>
    """

  @Test(.enabled(if: isThere, "librsvg is not installed"))
  func aDrawingIsOnWhitePaperTwiceAsLarge() throws {
    let file = try SVGRaster.png(square, width: 10, height: 5)
    let picture = try PNG.decode(file, path: "square")
    #expect(picture.width == 20 && picture.height == 10)
    let row = [UInt8](repeating: 0, count: 10) + [UInt8](repeating: 255, count: 10)
    #expect(picture.pixels == [[UInt8]](repeating: row, count: 10).flatMap { $0 })
  }

  @Test(.enabled(if: isThere, "librsvg is not installed"))
  func whatIsNoDocumentIsRefused() {
    #expect(throws: SVGRasterError.notDrawn) {
      try SVGRaster.png("<svg", width: 10, height: 5)
    }
  }

  @Test func withoutTheLibraryItSaysWhatToInstall() {
    #expect(
      SVGRasterError.missing.description
        == "drawings as PNG need the libraries librsvg-2.so.2, libcairo.so.2 and "
        + "libgobject-2.0.so.0, which are not all there; install them (Debian's package "
        + "librsvg2-2), or use the SVG files")
    #expect(SVGRasterError.missing.exitCode.rawValue == 69)
  }
}
