/// The rectangle of a plot between two axes, with its ticks, grid and titles.
struct PlotArea {
  let left: Double
  let top: Double
  let width: Double
  let height: Double
  let x: Axis
  let y: Axis
  private let xTicks: Ticks
  private let yTicks: Ticks

  /// A plot in a drawing of `width`, whose ticks' labels and titles lie left of and under the
  /// rectangle.
  ///
  /// - Parameters:
  ///   - top: where the rectangle begins.
  ///   - height: of the rectangle.
  ///   - labelWidth: the room that labels left of the rectangle need at least.
  init(
    x: Axis, y: Axis, width: Double, top: Double, height: Double, labelWidth: Double = 0
  ) {
    self.x = x
    self.y = y
    self.top = top
    self.height = height
    yTicks = y.ticks(limit: 7)
    let labels = max(labelWidth, textWidth(yTicks.labels, size: ChartStyle.label))
    left = ChartStyle.label * 1.5 + labels + 14
    // The last label may stand out by half of its width.
    self.width = width - left - 18
    xTicks = x.ticks(along: self.width, size: ChartStyle.label)
  }

  /// A plot of rows: names of at most the width `labels` stand left of it, and nothing else.
  init(x: Axis, y: Axis, width: Double, top: Double, height: Double, labels: Double) {
    self.x = x
    self.y = y
    self.top = top
    self.height = height
    yTicks = Ticks(values: [], labels: [])
    left = ChartStyle.label * 1.5 + labels + 16
    self.width = width - left - 18
    xTicks = x.ticks(along: self.width, size: ChartStyle.label)
  }

  var right: Double { left + width }
  var bottom: Double { top + height }

  /// The room that ticks and title take under the rectangle.
  static let footer = 42.0

  func point(_ xValue: Double, _ yValue: Double) -> (x: Double, y: Double) {
    (left + x.position(xValue) * width, bottom - y.position(yValue) * height)
  }

  /// Grid, frame, ticks and titles.
  var markup: Markup {
    var markup = Markup()
    for (value, label) in zip(yTicks.values, yTicks.labels) {
      let place = bottom - y.position(value) * height
      markup += Drawing.line((left, place), (right, place), "grid")
      markup += Drawing.text(label, x: left - 6, y: place + 4, "soft end")
    }
    for (value, label) in zip(xTicks.values, xTicks.labels) {
      let place = left + x.position(value) * width
      markup += Drawing.line((place, bottom), (place, bottom + 4), "frame")
      markup += Drawing.text(label, x: place, y: bottom + 16, "soft middle")
    }
    markup += Drawing.line((left, bottom), (right, bottom), "frame")
    markup += Drawing.text(x.title, x: left + width / 2, y: bottom + 34, "middle")
    markup += Drawing.text(y.title, x: 14, y: top + height / 2, "middle", rotated: true)
    return markup
  }
}

extension PlotArea {
  /// The lines of the horizontal axis from top to bottom with its ticks and title, for a plot of rows.
  var columns: Markup {
    var markup = Markup()
    for (value, label) in zip(xTicks.values, xTicks.labels) {
      let place = left + x.position(value) * width
      markup += Drawing.line((place, top), (place, bottom), "grid")
      markup += Drawing.text(label, x: place, y: bottom + 16, "soft middle")
    }
    return markup + Drawing.line((left, bottom), (right, bottom), "frame")
      + Drawing.text(x.title, x: left + width / 2, y: bottom + 34, "middle")
  }
}

/// What tells a series from the others beside its colour.
struct LineMarker {
  private let index: Int

  init(_ index: Int) { self.index = index }

  /// The dashes of its line; `none` for a full one.
  var dashes: String { ["none", "7 3", "2 3", "9 3 2 3", "4 2", "12 4"][index % 6] }

  /// A disc, a square, a triangle or a diamond.
  func markup(at place: (x: Double, y: Double)) -> Markup {
    let (x, y) = (place.x.attributeText, place.y.attributeText)
    let shape =
      switch index % 4 {
      case 0: "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z"
      case 1: "m-3.2 -3.2h6.4v6.4h-6.4z"
      case 2: "m0 -4.2l4 7h-8z"
      default: "m0 -4.4l4.4 4.4l-4.4 4.4l-4.4 -4.4z"
      }
    return .empty(
      "path", ["d": "M\(x) \(y)\(shape)", "class": "point f\(index % ChartStyle.colorCount)"])
  }
}

/// How wide a text is at most, in units of the drawing.
///
/// Nobody knows which font a reader's machine has. The widths are those of the wider ones among the
/// usual sans-serif fonts (Verdana, DejaVu Sans), so that texts which keep apart here do so
/// everywhere.
func textWidth(_ text: String, size: Double) -> Double {
  text.reduce(0) { $0 + emWidth($1) } * size
}

/// The longest of some texts, in units of the drawing.
func textWidth(_ texts: some Sequence<String>, size: Double) -> Double {
  texts.reduce(0) { max($0, textWidth($1, size: size)) }
}

private func emWidth(_ character: Character) -> Double {
  if "iljI.,:;'|!".contains(character) { return 0.4 }
  if " ftr()[]-/1".contains(character) { return 0.5 }
  if "mwMW@%".contains(character) { return 1 }
  guard character.isASCII else { return String(character).columnCount == 2 ? 1.1 : 0.85 }
  return character.isUppercase ? 0.75 : 0.64
}

/// `text`, or its beginning and `…` if that is wider than `width`.
func shortened(_ text: String, to width: Double, size: Double) -> String {
  guard textWidth(text, size: size) > width else { return text }
  var kept = text
  while !kept.isEmpty, textWidth(kept + "…", size: size) > width { kept.removeLast() }
  return kept + "…"
}
