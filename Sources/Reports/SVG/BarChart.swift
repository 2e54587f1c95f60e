import Support

/// Horizontal bars from 0 to 1, one under the other, with a dashed line at one value.
public struct BarChart: Sendable {
  public struct Bar: Sendable {
    public let label: String
    /// From 0 to 1.
    public let value: Double
    /// What the value may lie between, drawn as a line over the bar's end.
    public let interval: (lower: Double, upper: Double)?
    /// Whether the value is worth writing; else the bar is grey.
    public let isKnown: Bool
    /// What the bar says under the pointer.
    public let hover: String

    public init(
      _ label: String, _ value: Double, interval: (lower: Double, upper: Double)? = nil,
      isKnown: Bool = true, hover: String
    ) {
      (self.label, self.value, self.interval) = (label, value, interval)
      (self.isKnown, self.hover) = (isKnown, hover)
    }
  }

  let title: String
  /// What the bars' length means, with its unit.
  let axisTitle: String
  let rowTitle: String
  let bars: [Bar]
  /// A value to compare with, and what it is.
  let reference: (value: Double, label: String)?

  public init(
    _ title: String, axis: String, rows: String, bars: [Bar],
    reference: (value: Double, label: String)? = nil
  ) {
    self.title = title
    axisTitle = axis
    rowTitle = rows
    self.bars = bars
    self.reference = reference
  }

  public var drawing: Drawing {
    // Few rows are as high together as the rows' title is long.
    let least = textWidth(rowTitle, size: ChartStyle.label) + 8
    let rowHeight = bars.count > 30 ? 13 : max(18, least / Double(max(1, bars.count)))
    let labels = bars.map { shortened($0.label, to: 110, size: ChartStyle.label) }
    let left = 30 + textWidth(labels, size: ChartStyle.label)
    let top = reference == nil ? 32.0 : 50
    // At the right stands the value: `0.9731`.
    let right = ChartStyle.width - 12 - textWidth("0.0000", size: ChartStyle.label)
    let area = Area(
      left: left, top: top, width: right - left, bottom: top + rowHeight * Double(bars.count))
    var body = Drawing.text(title, x: 8, y: 18, "title") + axis(in: area)
    for (index, bar) in bars.enumerated() {
      body += row(bar, labels[index], area.top + rowHeight * Double(index), rowHeight, area)
    }
    body += referenceLine(in: area)
    body += Drawing.text(
      rowTitle, x: 14, y: (area.top + area.bottom) / 2, "middle", rotated: true)
    return Drawing(
      title: title, width: ChartStyle.width, height: area.bottom + PlotArea.footer, body: body)
  }

  private struct Area {
    let left: Double
    let top: Double
    let width: Double
    let bottom: Double
  }

  private func axis(in area: Area) -> Markup {
    let ticks = Ticks.linear(0...1, limit: 6)
    var markup = Markup()
    for (value, label) in zip(ticks.values, ticks.labels) {
      let place = area.left + value * area.width
      markup += Drawing.line((place, area.top), (place, area.bottom), "grid")
      markup += Drawing.text(label, x: place, y: area.bottom + 16, "soft middle")
    }
    return markup
      + Drawing.text(
        axisTitle, x: area.left + area.width / 2, y: area.bottom + 34, "middle")
  }

  private func row(
    _ bar: Bar, _ label: String, _ top: Double, _ height: Double, _ area: Area
  ) -> Markup {
    let length = (bar.value.isFinite ? min(max(bar.value, 0), 1) : 0) * area.width
    let baseline = top + height / 2 + 4
    let thickness = min(height - 3, 20)
    return Drawing.text(label, x: area.left - 6, y: baseline, "end")
      + Drawing.rectangle(
        x: area.left, y: top + (height - thickness) / 2, width: length, height: thickness,
        bar.isKnown ? "f0" : "flat", hover: bar.hover)
      + whisker(bar, middle: top + height / 2, area)
      + Drawing.text(
        bar.isKnown ? fixed(bar.value, 4) : "?", x: ChartStyle.width - 8, y: baseline, "end soft")
  }

  private func whisker(_ bar: Bar, middle: Double, _ area: Area) -> Markup {
    guard let interval = bar.interval else { return Markup() }
    let ends = [interval.lower, interval.upper].map { area.left + min(max($0, 0), 1) * area.width }
    return Drawing.line((ends[0], middle), (ends[1], middle), "ring")
      + ends.map { Drawing.line(($0, middle - 4), ($0, middle + 4), "ring") }.joined()
  }

  private func referenceLine(in area: Area) -> Markup {
    guard let reference, reference.value.isFinite else { return Markup() }
    let place = area.left + min(max(reference.value, 0), 1) * area.width
    let half = textWidth(reference.label, size: ChartStyle.label) / 2
    let center = min(max(place, area.left + half), ChartStyle.width - 8 - half)
    return Drawing.line((place, area.top - 4), (place, area.bottom), "reference")
      + Drawing.text(reference.label, x: center, y: area.top - 9, "middle soft")
  }
}
