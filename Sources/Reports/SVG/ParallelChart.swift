import Support

/// Parallel coordinates: an upright axis for each parameter and one for the value, and a line for
/// each trial through all of them (Inselberg, "The plane with parallel coordinates", 1985).
struct ParallelChart: Sendable {
  struct Line: Sendable {
    /// By axis; `nil` where the trial has no use for the parameter.
    let values: [Double?]
    /// `v0` to `v6`, or `faint`.
    let color: String
    let hover: String
  }

  let title: String
  /// The last is the value's.
  let axes: [Axis]
  /// Those drawn last lie in front.
  let lines: [Line]
  let scale: ValueScale

  private static let top = 82.0
  private static let height = 250.0
  /// How far under the axes the place of values that are not used lies.
  private static let unusedGap = 24.0

  private var hasUnused: Bool { lines.contains { $0.values.contains { $0 == nil } } }

  var drawing: Drawing {
    let names = axes.map { shortened($0.title, to: 130, size: ChartStyle.label) }
    let ticks = axes.map { axis in
      let ticks = axis.ticks(limit: 8)
      let labels = ticks.labels.map { shortened($0, to: 90, size: ChartStyle.small) }
      return Ticks(values: ticks.values, labels: labels)
    }
    let places = places(names, ticks)
    let width = max(
      ChartStyle.width,
      (places.last ?? 0) + textWidth(names.last ?? "", size: ChartStyle.label) / 2 + 10)
    var body =
      Drawing.text(title, x: 8, y: 18, "title") + scale.legend(left: 8, top: 30)
      + .element(
        "g", ["class": lines.count > TrialCurves.crowd ? "crowd" : ""],
        lines.map { self.line($0, places) }.joined())
    for index in axes.indices {
      body += axis(axes[index], names[index], ticks[index], at: places[index])
    }
    if hasUnused { body += unusedLabels(places) }
    let bottom = Self.top + Self.height + (hasUnused ? Self.unusedGap + 22 : 14)
    return Drawing(title: title, width: width, height: bottom, body: body)
  }

  /// Where the axes stand: their names must not touch, nor labels the axis to their left.
  private func places(_ names: [String], _ ticks: [Ticks]) -> [Double] {
    // Few axes share the width of a page.
    let even = min(170, max(84, 980 / Double(axes.count)))
    var places: [Double] = []
    for index in axes.indices {
      let half = textWidth(names[index], size: ChartStyle.label) / 2
      let labels = textWidth(ticks[index].labels, size: ChartStyle.small) + 8
      guard let previous = places.last else {
        places.append(10 + max(half, labels, hasUnused ? 50 : 0))
        continue
      }
      let before = textWidth(names[index - 1], size: ChartStyle.label) / 2
      places.append(previous + max(before + half + 12, labels + 26, even))
    }
    return places
  }

  private func height(_ value: Double?, on axis: Axis) -> Double {
    guard let value else { return Self.top + Self.height + Self.unusedGap }
    return Self.top + Self.height * (1 - min(max(axis.position(value), 0), 1))
  }

  private func line(_ line: Line, _ places: [Double]) -> Markup {
    let path = axes.indices.reduce(into: "") { path, index in
      path += (index == 0 ? "M" : "L") + places[index].attributeText + " "
      path += height(line.values[index], on: axes[index]).attributeText
    }
    return .element(
      "path", ["d": path, "class": "trial \(line.color)"],
      .element("title", [:], Markup(line.hover)))
  }

  private func axis(_ axis: Axis, _ name: String, _ ticks: Ticks, at place: Double) -> Markup {
    let bottom = Self.top + Self.height
    var markup = Drawing.line((place, Self.top), (place, bottom), "frame")
    markup += Drawing.text(name, x: place, y: Self.top - 14, "middle")
    for (value, label) in zip(ticks.values, ticks.labels) {
      let height = height(value, on: axis)
      markup += Drawing.line((place - 4, height), (place, height), "frame")
      markup += Drawing.text(label, x: place - 6, y: height + 3.5, "small soft end halo")
    }
    return markup
  }

  private func unusedLabels(_ places: [Double]) -> Markup {
    let height = Self.top + Self.height + Self.unusedGap
    return Drawing.line((places[0] - 4, height), ((places.last ?? 0) + 4, height), "mark")
      + Drawing.text("not used", x: places[0] - 6, y: height + 3.5, "small soft end halo")
  }
}
