/// The names of a chart's series with a sample of each, as many beside each other as fit.
struct ChartLegend {
  struct Entry {
    let name: String
    /// Around the height 0, from 0 to ``ChartLegend/swatch``.
    let sample: Markup

    init(_ name: String, _ sample: Markup) {
      self.name = name
      self.sample = sample
    }
  }

  static let swatch = 30.0
  private static let gap = 16.0

  private(set) var markup = Markup()
  /// Where what comes under it may begin.
  private(set) var bottom: Double

  init(_ entries: [Entry], top: Double) {
    bottom = top
    var left = 8.0
    for entry in entries {
      let name = shortened(
        entry.name, to: ChartStyle.width - Self.swatch - 24, size: ChartStyle.label)
      let width = Self.swatch + 6 + textWidth(name, size: ChartStyle.label)
      if left > 8, left + width > ChartStyle.width - 8 { (left, bottom) = (8, bottom + 17) }
      let place = "translate(\(left.attributeText) \((bottom + 4).attributeText))"
      markup += .element("g", ["transform": place], entry.sample)
      markup += Drawing.text(name, x: left + Self.swatch + 6, y: bottom + 8)
      left += width + Self.gap
    }
    bottom += 10
  }
}
