import Metrics
import Support

/// Risk over coverage: how much of what a network answers is wrong, if it answers a share of the
/// images only, those with the highest scores.
struct CoverageChart {
  let result: SelectiveResult

  private static let title = "Risk over coverage: what is wrong if some are rejected"

  var drawing: Drawing {
    let curve = result.curve()
    let area = PlotArea(
      x: Axis("coverage (share of the images that are answered)", 0...1),
      y: Axis(
        "risk (share that is wrong)", covering: curve.map(\.risk) + [0], within: 0...1),
      width: ChartStyle.width, top: 50, height: 210)
    return Drawing(
      title: Self.title, width: ChartStyle.width, height: area.bottom + PlotArea.footer,
      body: Drawing.text(Self.title, x: 8, y: 18, "title") + legend + area.markup
        + threshold(in: area) + line(curve, in: area))
  }

  private var legend: Markup {
    let risk = result.accuracy.isNaN ? "" : ", risk \(fixed(1 - result.accuracy, 4))"
    return Drawing.text(
      "mean risk \(fixed(result.meanRisk, 4)); threshold: \(percent(result.coverage)) answered"
        + risk, x: 8, y: 36, "soft")
  }

  private func threshold(in area: PlotArea) -> Markup {
    let place = area.point(result.coverage, 0).x
    return Drawing.line((place, area.top), (place, area.bottom), "mark")
  }

  private func line(_ curve: [SelectiveResult.Point], in area: PlotArea) -> Markup {
    let places = curve.map { area.point($0.coverage, $0.risk) }
    let path = places.enumerated().map { number, place in
      "\(number == 0 ? "M" : "L")\(place.x.attributeText) \(place.y.attributeText)"
    }.joined()
    let hovers = zip(curve, places).map { point, place in
      Markup.element(
        "circle", ["cx": place.x, "cy": place.y, "r": 7, "class": "hover"],
        .element("title", [:], Markup(hover(point))))
    }.joined()
    return .empty("path", ["d": path, "class": "series l0"]) + hovers
  }

  private func hover(_ point: SelectiveResult.Point) -> String {
    "coverage \(percent(point.coverage)): risk \(percent(point.risk))"
  }
}
