import Support

/// Numbers over epochs, or over something else: a line a series, with a mark at one place.
public struct CurveChart: Sendable {
  /// A line.
  public struct Series: Sendable {
    public let name: String
    /// Values that are not finite leave a gap and are marked at the upper edge.
    public let points: [(x: Double, y: Double)]
    /// The place of its colour and marker, if that is not its own among the series.
    let color: Int?
    /// A dashed line without markers, for what only accompanies another line.
    let accompanies: Bool
    /// Between which bounds each point may lie; none where nobody knows.
    public let bounds: [(lower: Double, upper: Double)]

    public init(
      _ name: String, _ points: [(x: Double, y: Double)], color: Int? = nil,
      accompanies: Bool = false, bounds: [(lower: Double, upper: Double)] = []
    ) {
      self.name = name
      self.points = points
      self.color = color
      self.accompanies = accompanies
      self.bounds = bounds
    }
  }

  /// A place on the horizontal axis that is worth looking at.
  public struct Mark: Sendable {
    public let x: Double
    public let label: String

    public init(x: Double, label: String) {
      self.x = x
      self.label = label
    }
  }

  let title: String
  let x: Axis
  let y: Axis
  let series: [Series]
  let mark: Mark?
  /// What a point says under the pointer, after its series' name.
  let valueText: @Sendable (Double) -> String

  private static let plotHeight = 210.0

  /// - Parameters:
  ///   - x: the title of the horizontal axis, and whether there are only whole numbers on it.
  ///   - y: the title of the vertical axis, with its unit.
  ///   - mayBeLogarithmic: whether the vertical axis may be.
  ///   - bounds: what the vertical axis must not leave.
  public init(
    _ title: String, x: (title: String, isWhole: Bool) = ("epoch", true), y: String,
    series: [Series], mark: Mark? = nil,
    mayBeLogarithmic: Bool = false, within bounds: ClosedRange<Double>? = nil,
    valueText: @escaping @Sendable (Double) -> String
  ) {
    self.title = title
    self.series = series
    self.mark = mark
    self.valueText = valueText
    let places = series.flatMap { $0.points.map(\.x) }
    let (first, last) = (places.min() ?? 1, places.max() ?? 1)
    // A single epoch stands in the middle.
    self.x = Axis(
      x.title, last > first ? first...last : first - 1...first + 1, isWhole: x.isWhole)
    self.y = Axis(
      y,
      covering: series.flatMap { $0.points.map(\.y) + $0.bounds.flatMap { [$0.lower, $0.upper] } },
      mayBeLogarithmic: mayBeLogarithmic, within: bounds)
  }

  public var drawing: Drawing {
    let legend = legend(top: 30)
    let top = legend.bottom + (mark == nil ? 12 : 24)
    let area = PlotArea(x: x, y: y, width: ChartStyle.width, top: top, height: Self.plotHeight)
    let lines =
      series.indices.map { band($0, in: area) }.joined()
      + series.indices.map { line($0, in: area) }.joined()
    return Drawing(
      title: title, width: ChartStyle.width, height: area.bottom + PlotArea.footer,
      body: Drawing.text(title, x: 8, y: 18, "title") + legend.markup + area.markup
        + markLine(in: area) + lines)
  }

  /// The names of the lines; nothing where one line needs none.
  private func legend(top: Double) -> (markup: Markup, bottom: Double) {
    guard series.count > 1 || hasInfinities else { return (Markup(), top - 6) }
    var entries = series.indices.map { ChartLegend.Entry(series[$0].name, sample($0)) }
    if hasInfinities {
      entries.append(ChartLegend.Entry(Self.infinityName, Self.cross(at: (15, 0))))
    }
    let legend = ChartLegend(entries, top: top)
    return (legend.markup, legend.bottom)
  }

  private static let infinityName = "not a finite number"

  private var hasInfinities: Bool {
    series.contains { $0.points.contains { !$0.y.isFinite } }
  }

  private func sample(_ index: Int) -> Markup {
    stroke("M0 0H\(ChartLegend.swatch.attributeText)", index)
      + (series[index].accompanies ? Markup() : marker(index).markup(at: (15, 0)))
  }

  private func stroke(_ path: String, _ index: Int) -> Markup {
    let color = series[index].color ?? index
    let isOwn = series[index].color == nil
    return .empty(
      "path",
      [
        "d": path, "class": "series l\(color % ChartStyle.colorCount)",
        "stroke-dasharray": isOwn
          ? LineMarker(index).dashes : series[index].accompanies ? "2 4" : "none",
      ])
  }

  private func marker(_ index: Int) -> LineMarker { LineMarker(series[index].color ?? index) }

  /// The line under the mark's label, which stands over the plot where no line can be.
  private func markLine(in area: PlotArea) -> Markup {
    guard let mark else { return Markup() }
    let place = area.point(mark.x, y.range.lowerBound).x
    let half = textWidth(mark.label, size: ChartStyle.label) / 2
    let center = min(max(place, area.left + half), ChartStyle.width - 8 - half)
    return Drawing.line((place, area.top - 4), (place, area.bottom), "mark")
      + Drawing.text(mark.label, x: center, y: area.top - 9, "middle soft")
  }

  private func line(_ index: Int, in area: PlotArea) -> Markup {
    let points = series[index].points
    let markers = marker(index)
    // Markers on every point of a long line would hide it.
    let every = max(1, (points.count + 24) / 25)
    var markup = stroke(path(of: points, in: area), index)
    for (number, point) in points.enumerated() {
      guard point.y.isFinite else {
        markup += Self.cross(at: (area.point(point.x, y.range.lowerBound).x, area.top + 5))
        continue
      }
      let place = area.point(point.x, point.y)
      let isMarked = point.x == mark?.x
      if (number % every == 0 || isMarked) && !series[index].accompanies {
        markup += markers.markup(at: place)
      }
      // A dashed line of one point would not be seen.
      if series[index].accompanies && points.count == 1 {
        let color = (series[index].color ?? index) % ChartStyle.colorCount
        markup += .empty("circle", circle(place, 3, "part l\(color)"))
      }
      if isMarked { markup += .empty("circle", circle(place, 6.5, "ring")) }
      markup += .element(
        "circle", circle(place, 7, "hover"),
        .element("title", [:], Markup(hover(point, of: series[index]))))
    }
    return markup
  }

  /// What lies between the bounds of a line.
  private func band(_ index: Int, in area: PlotArea) -> Markup {
    let (points, bounds) = (series[index].points, series[index].bounds)
    guard bounds.count == points.count, !bounds.isEmpty else { return Markup() }
    let upper = zip(points, bounds).map { (x: $0.x, y: $1.upper) }
    let lower = zip(points, bounds).map { (x: $0.x, y: $1.lower) }
    let back = path(of: lower.reversed(), in: area).replacing("M", with: "L")
    return .empty(
      "path",
      [
        "d": path(of: upper, in: area) + back + "Z",
        "class": "band f\((series[index].color ?? index) % ChartStyle.colorCount)",
      ])
  }

  private func path(of points: [(x: Double, y: Double)], in area: PlotArea) -> String {
    var (path, isDrawing) = ("", false)
    for point in points {
      guard point.y.isFinite else {
        isDrawing = false
        continue
      }
      let place = area.point(point.x, point.y)
      path += (isDrawing ? "L" : "M") + "\(place.x.attributeText) \(place.y.attributeText)"
      isDrawing = true
    }
    return path
  }

  private func hover(_ point: (x: Double, y: Double), of series: Series) -> String {
    let place = x.isWhole ? "\(Int(point.x))" : "\(point.x)"
    return "\(x.title) \(place): \(series.name) \(valueText(point.y))"
  }

  private func circle(
    _ place: (x: Double, y: Double), _ radius: Double, _ classes: String
  ) -> KeyValuePairs<String, any AttributeValue> {
    ["cx": place.x, "cy": place.y, "r": radius, "class": classes]
  }

  private static func cross(at place: (x: Double, y: Double)) -> Markup {
    let (x, y) = (place.x.attributeText, place.y.attributeText)
    return .empty(
      "path", ["d": "M\(x) \(y)m-4 -4l8 8m0 -8l-8 8", "class": "ring"])
  }
}
