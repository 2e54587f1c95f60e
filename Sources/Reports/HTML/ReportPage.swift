import Formats
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
  /// - Parameter allAsPNG: whether drawings are written as PNG too.
  /// - Returns: the paths of the pictures' files.
  /// - Throws: ``FileError``; ``SVGRasterError`` if drawings cannot be had as PNG, before anything is
  ///   removed or written.
  public func write(to place: RunDirectory, allAsPNG: Bool = false) throws -> [String] {
    let rasters = try pictures.map { picture in
      try picture.png ?? (allAsPNG ? picture.drawing.png() : nil)
    }
    place.removeReport()
    try makeDirectories(place.pictures)
    for directory in [place.path, place.pictures] { Leftovers.remove(from: directory) }
    var paths: [String] = []
    for (picture, raster) in zip(pictures, rasters) {
      let stem = "\(place.pictures)/\(picture.name)"
      try AtomicFile.write(text: picture.drawing.file, to: "\(stem).svg")
      paths.append("\(stem).svg")
      if let raster {
        try AtomicFile.write(raster, to: "\(stem).png")
        paths.append("\(stem).png")
      }
    }
    try AtomicFile.write(text: html, to: place.report)
    return paths
  }
}

/// A picture of a report, on the page and as a file beside it.
public struct ReportPicture: Sendable {
  /// The file's name without its extension.
  public let name: String
  public let drawing: Drawing
  /// What one should know to read it.
  let caption: String
  /// For a picture of pixels, the same as a PNG file.
  public let png: [UInt8]?

  init(_ name: String, _ drawing: Drawing, caption: String, png: [UInt8]? = nil) {
    self.name = name
    self.drawing = drawing
    self.caption = caption
    self.png = png
  }

  /// Wider than a column of the page.
  private var isWide: Bool { drawing.width > 530 }

  /// The picture with its caption. One that is wide scrolls where the page is narrow.
  var figure: Markup {
    // Not smaller than it can be read, not much larger than it needs.
    let (least, most) = (drawing.width.attributeText, (drawing.width * 1.2).attributeText)
    let size = isWide ? "min-width:\(least)px;max-width:\(most)px" : ""
    return .element(
      "figure", ["class": isWide ? "wide" : "", "id": name],
      .element("div", ["class": "scroll"], .element("div", ["style": size], drawing.inline)),
      .element("figcaption", [:], Markup(caption)))
  }
}

/// A chapter of a page.
struct PageSection {
  /// What links name it by.
  let id: String
  let title: String
  let body: Markup

  /// Links to all of them, and then one after the other.
  static func all(_ sections: [PageSection]) -> Markup {
    let links = sections.map { Markup.element("a", ["href": "#\($0.id)"], Markup($0.title)) }
    return .element("nav", [:], links.joined())
      + sections.map { section in
        .element(
          "section", ["id": section.id], .element("h2", [:], Markup(section.title)), section.body)
      }.joined()
  }
}

/// A table of a page.
struct PageTable {
  /// How a column's cells stand.
  enum Alignment: String {
    /// On one line.
    case text
    /// On as many lines as it needs.
    case free
    case number
  }

  private let caption: String
  private let columns: [(title: String, alignment: Alignment)]
  private var rows: [(cells: [String], classes: String)] = []

  init(_ caption: String, _ columns: [(title: String, alignment: Alignment)]) {
    self.caption = caption
    self.columns = columns
  }

  /// Adds a row. `classes`: `soft` for what matters less, `total` for a sum.
  mutating func add(_ cells: [String], _ classes: String = "") {
    precondition(cells.count == columns.count, "\(cells.count) cells in \(columns.count) columns")
    rows.append((cells, classes))
  }

  var markup: Markup {
    let header = columns.map {
      Markup.element("th", ["class": $0.alignment.rawValue, "scope": "col"], Markup($0.title))
    }
    let body = rows.map { row in
      Markup.element(
        "tr", ["class": row.classes],
        zip(columns, row.cells).map {
          Markup.element("td", ["class": $0.alignment.rawValue], Markup($1))
        }.joined())
    }
    return .element(
      "div", ["class": "scroll"],
      .element(
        "table", [:], .element("caption", [:], .element("span", [:], Markup(caption))),
        .element("thead", [:], .element("tr", [:], header.joined())),
        .element("tbody", [:], body.joined())))
  }
}
