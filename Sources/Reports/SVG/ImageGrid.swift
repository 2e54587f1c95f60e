import Platform
import Support

/// Small pictures of pixels in rows, with a line or two under each.
public struct ImageGrid: Sendable {
  public struct Cell: Sendable {
    /// A PNG file.
    let png: [UInt8]
    /// What stands under it.
    let lines: [String]
    /// What it says under the pointer.
    let hover: String

    public init(png: [UInt8], lines: [String], hover: String) {
      self.png = png
      self.lines = lines
      self.hover = hover
    }
  }

  /// Pictures behind a common heading.
  public struct Row: Sendable {
    let heading: [String]
    let cells: [Cell]

    public init(_ heading: [String], _ cells: [Cell]) {
      self.heading = heading
      self.cells = cells
    }
  }

  /// How pictures turn with the reader's colours.
  public enum Style: String, Sendable {
    /// Ink on paper: light on dark in the dark.
    case pixels
    /// Two hues around a neutral middle, which keep their hues.
    case weights
  }

  let title: String
  let rows: [Row]
  /// The side of a picture.
  let side: Double
  let style: Style

  private static let lineHeight = 12.0

  /// Rows of pictures; what does not fit beside its heading is left out.
  public init(_ title: String, rows: [Row], side: Double = 38, style: Style = .pixels) {
    self.title = title
    self.rows = rows
    self.side = side
    self.style = style
  }

  /// Pictures, as many in a row as fit.
  public init(_ title: String, cells: [Cell], side: Double = 46, style: Style = .pixels) {
    let texts = cells.lazy.flatMap(\.lines)
    let step = max(side, textWidth(texts, size: ChartStyle.small)) + 5
    let columns = max(1, Int((ChartStyle.width - 16) / step))
    self.init(
      title,
      rows: stride(from: 0, to: cells.count, by: columns).map {
        Row([], Array(cells[$0..<min($0 + columns, cells.count)]))
      }, side: side, style: style)
  }

  public var drawing: Drawing {
    let lines = rows.lazy.flatMap { $0.cells.map(\.lines.count) }.max() ?? 0
    let texts = rows.lazy.flatMap { $0.cells.flatMap(\.lines) }
    let headings = textWidth(rows.lazy.flatMap(\.heading), size: ChartStyle.label)
    let left = headings > 0 ? 8 + min(headings, 180) + 10 : 8
    let step = max(side, textWidth(texts, size: ChartStyle.small)) + 5
    let height = side + Double(lines) * Self.lineHeight + 8
    var body = Drawing.text(title, x: 8, y: 18, "title")
    var top = 30.0
    for row in rows {
      body += heading(row.heading, top)
      let fitting = max(1, Int((ChartStyle.width - left - 8) / step))
      for (index, cell) in row.cells.prefix(fitting).enumerated() {
        body += drawn(cell, left + step * Double(index), step - 5, top)
      }
      top += height
    }
    return Drawing(title: title, width: ChartStyle.width, height: top + 4, body: body)
  }

  private func heading(_ lines: [String], _ top: Double) -> Markup {
    lines.enumerated().map { index, line in
      Drawing.text(
        shortened(line, to: 180, size: ChartStyle.label), x: 8, y: top + 15 + 15 * Double(index),
        index == 0 ? "" : "soft")
    }.joined()
  }

  private func drawn(_ cell: Cell, _ left: Double, _ width: Double, _ top: Double) -> Markup {
    let center = left + width / 2
    let image = Markup.element(
      "image",
      [
        "x": center - side / 2, "y": top, "width": side, "height": side,
        "class": style.rawValue,
        "href": "data:image/png;base64,\(Data(cell.png).base64EncodedString())",
      ], .element("title", [:], Markup(cell.hover)))
    return image
      + cell.lines.enumerated().map { index, line in
        Drawing.text(
          line, x: center, y: top + side + 10 + Self.lineHeight * Double(index),
          index == 0 ? "small middle" : "small soft middle")
      }.joined()
  }
}
