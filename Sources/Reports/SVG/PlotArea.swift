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
