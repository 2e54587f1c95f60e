import Support

/// What is reached over what it costs: a point with its interval a series, on a logarithmic axis of
/// costs.
public struct CostChart: Sendable {
  public struct Point: Sendable {
    let name: String
    let cost: Double
    let value: Double
    let interval: (lower: Double, upper: Double)?
    /// The place of its colour and marker.
    let color: Int
    /// What the point says under the pointer.
    let hover: String

    public init(
      _ name: String, cost: Double, value: Double, interval: (lower: Double, upper: Double)?,
      color: Int, hover: String
    ) {
      self.name = name
      self.cost = cost
      self.value = value
      self.interval = interval
      self.color = color
      self.hover = hover
    }
  }

  let title: String
  let points: [Point]
  private let x: Axis
  private let y: Axis

  public init(
    _ title: String, x: String, y: String, points: [Point], within bounds: ClosedRange<Double>
  ) {
    self.title = title
    self.points = points
    self.x = Axis(x, logarithmicallyCovering: points.map(\.cost))
    self.y = Axis(
      y,
      covering: points.flatMap { point in
        [point.value] + (point.interval.map { [$0.lower, $0.upper] } ?? [])
      }, within: bounds)
  }

  public var drawing: Drawing {
    let legend = ChartLegend(
      points.map { ChartLegend.Entry($0.name, LineMarker($0.color).markup(at: (15, 0))) }, top: 30)
    let area = PlotArea(
      x: x, y: y, width: ChartStyle.width, top: legend.bottom + 12, height: 190)
    return Drawing(
      title: title, width: ChartStyle.width, height: area.bottom + PlotArea.footer,
      body: Drawing.text(title, x: 8, y: 18, "title") + legend.markup + area.markup
        + points.map { drawn($0, area) }.joined())
  }

  private func drawn(_ point: Point, _ area: PlotArea) -> Markup {
    let place = area.point(point.cost, point.value)
    var markup = Markup()
    if let interval = point.interval {
      let ends = [interval.lower, interval.upper].map { area.point(point.cost, $0).y }
      let style = "series l\(point.color % ChartStyle.colorCount)"
      markup += Drawing.line((place.x, ends[0]), (place.x, ends[1]), style)
      for end in ends { markup += Drawing.line((place.x - 4, end), (place.x + 4, end), style) }
    }
    return markup + LineMarker(point.color).markup(at: place)
      + .element(
        "circle", ["cx": place.x, "cy": place.y, "r": 9.0, "class": "hover"],
        .element("title", [:], Markup(point.hover)))
  }
}
