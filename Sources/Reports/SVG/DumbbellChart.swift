import Support

/// A row a thing, with a dot for each of several series and a line from the least to the largest: what
/// is far apart is seen at once.
public struct DumbbellChart: Sendable {
  public struct Row: Sendable {
    let label: String
    /// One a series.
    let values: [Double]
    /// What the row says under the pointer.
    let hover: String

    public init(_ label: String, _ values: [Double], hover: String) {
      self.label = label
      self.values = values
      self.hover = hover
    }
  }

  let title: String
  let rowTitle: String
  let series: [String]
  /// The places of the series' colours and markers.
  let colors: [Int]
  let rows: [Row]
  private let axis: Axis

  public init(
    _ title: String, axis: String, rows rowTitle: String, series: [String], colors: [Int],
    rows: [Row],
    within bounds: ClosedRange<Double>? = nil
  ) {
    self.title = title
    self.rowTitle = rowTitle
    self.series = series
    self.colors = colors
    self.rows = rows
    self.axis = Axis(axis, covering: Axis.withRoom(rows.flatMap(\.values)), within: bounds)
  }

  public var drawing: Drawing {
    let height = rows.count > 24 ? 15.0 : 19
    let legend = ChartLegend(
      zip(series, colors).map { ChartLegend.Entry($0, LineMarker($1).markup(at: (15, 0))) },
      top: 30)
    let least = textWidth(rowTitle, size: ChartStyle.label) + 8
    let labels = rows.map { shortened($0.label, to: 110, size: ChartStyle.label) }
    let area = PlotArea(
      x: axis, y: Axis("", 0...1), width: ChartStyle.width, top: legend.bottom + 10,
      height: max(least, height * Double(rows.count) + 8),
      labels: labels.isEmpty ? 0 : textWidth(labels, size: ChartStyle.label))
    var body = Drawing.text(title, x: 8, y: 18, "title") + legend.markup + area.columns
    for (index, row) in rows.enumerated() {
      let y = area.top + 4 + height * (Double(index) + 0.5)
      body += Drawing.text(labels[index], x: area.left - 8, y: y + 4, "end")
      body += drawn(row, at: y, height, area)
    }
    body += Drawing.text(rowTitle, x: 14, y: area.top + area.height / 2, "middle", rotated: true)
    return Drawing(
      title: title, width: ChartStyle.width, height: area.bottom + PlotArea.footer, body: body)
  }

  private func drawn(_ row: Row, at y: Double, _ height: Double, _ area: PlotArea) -> Markup {
    let places = row.values.map { $0.isFinite ? area.point($0, 0).x : .nan }
    let finite = places.filter(\.isFinite)
    var markup = Markup()
    if let least = finite.min(), let most = finite.max(), most > least {
      markup += Drawing.line((least, y), (most, y), "span")
    }
    for (index, place) in places.enumerated() where place.isFinite {
      markup += LineMarker(colors[index]).markup(at: (place, y))
    }
    return markup
      + Drawing.rectangle(
        x: area.left, y: y - height / 2, width: area.width, height: height, "hover",
        hover: row.hover)
  }
}
