import Support
import Training

/// A page with pictures.
public protocol ReportPage: Sendable {
  /// Every picture, in the order of the page.
  var pictures: [ReportPicture] { get }
  /// The page, which needs no network and no script, as XML and HTML alike.
  var html: String { get }
}

extension ReportPage {
  /// Writes `report.html`, and each picture as SVG, and as PNG where it is one of pixels, into
  /// `report/` beside it. Pictures of an earlier report go away.
  ///
  /// - Returns: the paths of the pictures' files.
  /// - Throws: ``FileError``.
  public func write(to place: RunDirectory) throws -> [String] {
    place.removeReport()
    try RunDirectory.makeDirectories(place.pictures)
    var paths: [String] = []
    for picture in pictures {
      let stem = "\(place.pictures)/\(picture.name)"
      try AtomicFile.write(text: picture.drawing.file, to: "\(stem).svg")
      paths.append("\(stem).svg")
      if let png = picture.png {
        try AtomicFile.write(png, to: "\(stem).png")
        paths.append("\(stem).png")
      }
    }
    try AtomicFile.write(text: html, to: place.report)
    return paths
  }
}
