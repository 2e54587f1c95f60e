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
