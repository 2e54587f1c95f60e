import Support

/// Trials as points: their values over their numbers, or over a parameter.
struct TrialChart: Sendable {
  struct Point: Sendable {
    enum Kind: CaseIterable, Sendable { case finished, unfinished, failed }

    let x: Double
    /// Not finite for a failure, which is marked at the lower edge.
    let y: Double
    let kind: Kind
    let hover: String
  }

  let title: String
  let x: Axis
  let y: Axis
  let points: [Point]
  /// The points that are joined by a line of steps.
  var steps: [(x: Double, y: Double)] = []
  var stepsName = ""

  private static let plotHeight = 210.0
  /// Smaller where there are many.
  private var radius: Double { points.count > 200 ? 2.4 : 3.5 }

  var drawing: Drawing {
    let legend = legend(top: 30)
    let area = PlotArea(
      x: x, y: y, width: ChartStyle.width, top: legend.bottom + 10, height: Self.plotHeight)
    let body =
      Drawing.text(title, x: 8, y: 18, "title") + legend.markup + area.markup + line(in: area)
      + Point.Kind.allCases.reversed().flatMap { kind in
        points.lazy.filter { $0.kind == kind }.map { self.point($0, in: area) }
      }.joined()
    return Drawing(
      title: title, width: ChartStyle.width, height: area.bottom + PlotArea.footer, body: body)
  }

  private func legend(top: Double) -> (markup: Markup, bottom: Double) {
    var entries = Point.Kind.allCases.filter { kind in points.contains { $0.kind == kind } }
      .map { (name: $0.name, sample: mark($0, at: (8, 0))) }
    if !steps.isEmpty {
      let sample = Markup.empty("path", ["d": "M0 0H16", "class": "trial best"])
      entries.append((stepsName, sample))
    }
    guard entries.count > 1 else { return (Markup(), top - 12) }
    var (markup, left) = (Markup(), 8.0)
    for entry in entries {
      let place = "translate(\(left.attributeText) \((top + 4).attributeText))"
      markup += .element("g", ["transform": place], entry.sample)
      markup += Drawing.text(entry.name, x: left + 22, y: top + 8)
      left += 22 + textWidth(entry.name, size: ChartStyle.label) + 14
    }
    return (markup, top + 10)
  }

  private func point(_ point: Point, in area: PlotArea) -> Markup {
    let place = area.point(point.x, point.y.isFinite ? point.y : y.range.lowerBound)
    return mark(
      point.kind, at: (place.x, min(max(place.y, area.top), area.bottom)), point.hover)
  }

  private func mark(
    _ kind: Point.Kind, at place: (x: Double, y: Double), _ hover: String? = nil
  ) -> Markup {
    let title = hover.map { Markup.element("title", [:], Markup($0)) } ?? Markup()
    guard kind == .failed else {
      let color = kind == .finished ? "plain" : "faint"
      return .element(
        "circle", ["cx": place.x, "cy": place.y, "r": radius, "class": "dot \(color)"], title)
    }
    let start = "M\(place.x.attributeText) \(place.y.attributeText)"
    return .element("path", ["d": start + "m-4 -4l8 8m0 -8l-8 8", "class": "ring"], title)
  }

  private func line(in area: PlotArea) -> Markup {
    guard let first = steps.first else { return Markup() }
    let start = area.point(first.x, first.y)
    var path = "M\(start.x.attributeText) \(start.y.attributeText)"
    for step in steps.dropFirst() {
      let place = area.point(step.x, step.y)
      path += "H\(place.x.attributeText)V\(place.y.attributeText)"
    }
    return .empty("path", ["d": path, "class": "trial best"])
  }
}

extension TrialChart.Point.Kind {
  fileprivate var name: String {
    switch self {
    case .finished: "finished"
    case .unfinished: "pruned or running"
    case .failed: "failed"
    }
  }
}
