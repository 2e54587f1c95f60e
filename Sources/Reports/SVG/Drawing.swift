import Formats
import Support

/// A finished picture in vectors.
public struct Drawing: Sendable {
  /// What it shows, also for those who cannot see it.
  public let title: String
  /// In units of 1/96 inch at the size at which its texts are meant to be read.
  public let width: Double
  public let height: Double
  let body: Markup

  init(title: String, width: Double, height: Double, body: Markup) {
    self.title = title
    self.width = width
    self.height = height
    self.body = body
  }

  /// Several drawings in rows of so many, under a title.
  init(title: String, _ drawings: [Drawing], columns: Int) {
    let columns = max(1, min(columns, drawings.count))
    let cell = (
      width: drawings.map(\.width).max() ?? 0, height: drawings.map(\.height).max() ?? 0
    )
    let top = 30.0
    let body = drawings.enumerated().map { number, drawing in
      let x = Double(number % columns) * cell.width
      let y = top + Double(number / columns) * cell.height
      return Markup.element(
        "g", ["transform": "translate(\(x.attributeText) \(y.attributeText))"], drawing.body)
    }
    self.init(
      title: title, width: Double(columns) * cell.width,
      height: top + Double((drawings.count + columns - 1) / columns) * cell.height,
      body: Drawing.text(title, x: 8, y: 20, "title") + body.joined())
  }

  /// The content of an SVG file that needs nothing beside it (W3C, "Scalable Vector Graphics 2").
  public var file: String {
    let background = Markup.empty(
      "rect", ["width": width, "height": height, "style": "fill:var(--paper)"])
    let style = Markup.style(ChartStyle.variables + "\n" + ChartStyle.shapes)
    return svg(style + background).text + "\n"
  }

  /// The same as a PNG on white paper, twice as many pixels along each axis as it has units.
  ///
  /// - Throws: ``SVGRasterError`` without the library that draws.
  public func png() throws(SVGRasterError) -> [UInt8] {
    let document = svg(Markup.style(ChartStyle.shapes)).text
    return try SVGRaster.png(ChartStyle.onPaper(document), width: width, height: height)
  }

  /// The picture within a page that has the styles of drawings.
  var inline: Markup { svg(Markup()) }

  private func svg(_ opening: Markup) -> Markup {
    .element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "chart",
        "viewBox": "0 0 \(width.attributeText) \(height.attributeText)", "width": width,
        "height": height, "role": "img", "aria-label": title,
      ], opening + .element("title", [:], Markup(title)) + body)
  }

  /// A text; `anchor` is `end`, `middle` or empty for the start.
  static func text(
    _ text: String, x: Double, y: Double, _ classes: String = "", rotated: Bool = false
  ) -> Markup {
    guard rotated else {
      return .element("text", ["x": x, "y": y, "class": classes], Markup(text))
    }
    let turn = "translate(\(x.attributeText) \(y.attributeText)) rotate(-90)"
    return .element("text", ["transform": turn, "class": classes], Markup(text))
  }

  /// A straight line.
  static func line(
    _ from: (x: Double, y: Double), _ to: (x: Double, y: Double), _ classes: String
  ) -> Markup {
    .empty("line", ["x1": from.x, "y1": from.y, "x2": to.x, "y2": to.y, "class": classes])
  }

  /// A rectangle that says `hover` under the pointer.
  static func rectangle(
    x: Double, y: Double, width: Double, height: Double, _ classes: String, opacity: Double = 1,
    hover: String? = nil
  ) -> Markup {
    let title = hover.map { Markup.element("title", [:], Markup($0)) } ?? Markup()
    guard opacity < 1 else {
      return .element(
        "rect", ["x": x, "y": y, "width": width, "height": height, "class": classes], title)
    }
    return .element(
      "rect",
      [
        "x": x, "y": y, "width": width, "height": height, "class": classes,
        "fill-opacity": opacity,
      ], title)
  }
}
