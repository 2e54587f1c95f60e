import Support

/// What trials reported, epoch by epoch: a thin line each, one of them in front.
struct TrialCurves: Sendable {
  struct Curve: Sendable {
    enum Kind: CaseIterable, Sendable { case unfinished, finished, best }

    let name: String
    let kind: Kind
    /// Of the first epoch, the second and so on.
    let values: [Double]
  }

  let title: String
  /// What is counted from left to right.
  let unit: String
  let y: Axis
  let curves: [Curve]

  private static let plotHeight = 210.0
  /// The points of all lines together; where there are more, some of each are left out.
  private static let pointLimit = 20_000

  /// As many lines are thinner, so that one sees through them.
  static let crowd = 150

  /// Whether every value is drawn.
  var isComplete: Bool { stride == 1 }

  private var stride: Int {
    max(1, curves.reduce(0) { $0 + $1.values.count } / Self.pointLimit)
  }

  var drawing: Drawing {
    let last = Double(curves.map(\.values.count).max() ?? 1)
    let x = Axis(unit, last > 1 ? 1...last : 0...2, isWhole: true)
    let area = PlotArea(x: x, y: y, width: ChartStyle.width, top: 50, height: Self.plotHeight)
    func lines(_ kind: Curve.Kind) -> Markup {
      curves.lazy.filter { $0.kind == kind }.map { self.line($0, in: area) }.joined()
    }
    let others = Markup.element(
      "g", ["class": curves.count > Self.crowd ? "crowd" : ""], lines(.unfinished), lines(.finished)
    )
    return Drawing(
      title: title, width: ChartStyle.width, height: area.bottom + PlotArea.footer,
      body: Drawing.text(title, x: 8, y: 18, "title") + legend + area.markup
        + others + lines(.best))
  }

  private var legend: Markup {
    var (markup, left) = (Markup(), 8.0)
    for kind in Curve.Kind.allCases.reversed() {
      guard let name = kind.name(in: curves) else { continue }
      let place = "translate(\(left.attributeText) 34)"
      markup += .element(
        "g", ["transform": place], .empty("path", ["d": "M0 0H16", "class": kind.classes]))
      markup += Drawing.text(name, x: left + 22, y: 38)
      left += 22 + textWidth(name, size: ChartStyle.label) + 14
    }
    return markup
  }

  private func line(_ curve: Curve, in area: PlotArea) -> Markup {
    var (path, isDrawing, drawn) = ("", false, 0)
    for (index, value) in curve.values.enumerated() {
      guard value.isFinite else {
        isDrawing = false
        continue
      }
      guard index % stride == 0 || index == curve.values.count - 1 else { continue }
      let place = area.point(Double(index + 1), value)
      path += "\(isDrawing ? "L" : "M")\(place.x.attributeText) \(place.y.attributeText)"
      (isDrawing, drawn) = (true, drawn + 1)
    }
    guard drawn > 0 else { return Markup() }
    // A single value is no line: a ring around it.
    if drawn == 1 { path += "m-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0" }
    return .element(
      "path", ["d": path, "class": curve.kind.classes], .element("title", [:], Markup(curve.name)))
  }
}

extension TrialCurves.Curve.Kind {
  fileprivate var classes: String {
    switch self {
    case .unfinished: "trial faint"
    case .finished: "trial plain"
    case .best: "trial best"
    }
  }

  /// The name in the legend; `nil` if there is none of this kind.
  fileprivate func name(in curves: [TrialCurves.Curve]) -> String? {
    guard curves.contains(where: { $0.kind == self }) else { return nil }
    switch self {
    case .unfinished: return "pruned or running"
    case .finished: return "finished"
    case .best: return "best"
    }
  }
}
