import Support

/// Numbers with their intervals: a dot and a line a row, on an axis that covers no more than them.
public struct WhiskerChart: Sendable {
  public struct Row: Sendable {
    public let label: String
    public let value: Double
    public let interval: (lower: Double, upper: Double)?
    /// What the value is the mean of, drawn small.
    public let parts: [Double]
    /// The place of its colour and marker.
    public let color: Int
    /// What stands at the right.
    public let text: String
    /// What the row says under the pointer.
    public let hover: String

    public init(
      _ label: String, _ value: Double, _ interval: (lower: Double, upper: Double)?,
      parts: [Double] = [], color: Int, text: String, hover: String
    ) {
      self.label = label
      self.value = value
      self.interval = interval
      self.parts = parts
      self.color = color
      self.text = text
      self.hover = hover
    }
  }

  /// Rows under a common heading, which may be empty.
  public struct Group: Sendable {
    let heading: String
    let rows: [Row]

    public init(_ heading: String = "", _ rows: [Row]) {
      self.heading = heading
      self.rows = rows
    }
  }

  /// A value to hold the rows against, and what it means to lie at its left and at its right.
  public struct Reference: Sendable {
    let value: Double
    let left: String
    let right: String

    public init(_ value: Double, left: String = "", right: String = "") {
      self.value = value
      self.left = left
      self.right = right
    }
  }

  let title: String
  let groups: [Group]
  let reference: Reference?
  private let axis: Axis

  private static let rowHeight = 22.0
  private static let headingHeight = 22.0

  /// - Parameters:
  ///   - axis: its title, with the unit.
  ///   - bounds: what the axis must not leave.
  public init(
    _ title: String, axis: String, groups: [Group], reference: Reference? = nil,
    within bounds: ClosedRange<Double>? = nil
  ) {
    self.title = title
    self.groups = groups
    self.reference = reference
    let values = groups.flatMap(\.rows).flatMap { row in
      [row.value] + row.parts + (row.interval.map { [$0.lower, $0.upper] } ?? [])
    }
    let all = values + (reference.map { [$0.value] } ?? [])
    self.axis = Axis(axis, covering: Axis.withRoom(all), within: bounds)
  }

  public var drawing: Drawing {
    let rows = groups.flatMap(\.rows)
    // A heading keeps clear of what is drawn below it too.
    let headings = textWidth(groups.lazy.map(\.heading), size: ChartStyle.label)
    let labels = min(130, max(textWidth(rows.lazy.map(\.label), size: ChartStyle.label), headings))
    let texts = textWidth(rows.lazy.map(\.text), size: ChartStyle.label)
    let left = 8 + labels + 14
    // The last tick's label may stand out by half of its width.
    let right = ChartStyle.width - max(20 + texts, 30)
    let top = hasSides ? 50.0 : 32
    let height = groups.reduce(0) {
      $0 + ($1.heading.isEmpty ? 0 : Self.headingHeight) + Double($1.rows.count) * Self.rowHeight
    }
    let area = Area(left: left, right: right, top: top, bottom: top + height + 4, axis: axis)
    return Drawing(
      title: title, width: ChartStyle.width, height: area.bottom + PlotArea.footer,
      body: Drawing.text(title, x: 8, y: 18, "title") + grid(area) + sides(area)
        + content(area, labels: labels))
  }

  private struct Area {
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double
    let axis: Axis

    func place(_ value: Double) -> Double {
      left + min(max(axis.position(value), 0), 1) * (right - left)
    }
  }

  private func grid(_ area: Area) -> Markup {
    let ticks = axis.ticks(along: area.right - area.left, size: ChartStyle.label)
    var markup = Markup()
    for (value, label) in zip(ticks.values, ticks.labels) {
      let place = area.place(value)
      markup += Drawing.line((place, area.top), (place, area.bottom), "grid")
      markup += Drawing.text(label, x: place, y: area.bottom + 16, "soft middle")
    }
    // In the middle, as far as the drawing has room there.
    let half = textWidth(axis.title, size: ChartStyle.label) / 2
    let center = min(
      max((area.left + area.right) / 2, 8 + half), ChartStyle.width - 8 - half)
    return markup + Drawing.text(axis.title, x: center, y: area.bottom + 34, "middle")
  }

  private var hasSides: Bool { reference.map { !$0.left.isEmpty || !$0.right.isEmpty } ?? false }

  /// The line of the reference, and what its sides mean; each side keeps to its own half.
  private func sides(_ area: Area) -> Markup {
    guard let reference else { return Markup() }
    let place = area.place(reference.value)
    let room = (ChartStyle.width - 28) / 2
    let left = shortened(reference.left, to: room, size: ChartStyle.label)
    let right = shortened(reference.right, to: room, size: ChartStyle.label)
    return Drawing.line((place, area.top), (place, area.bottom), "reference")
      + (left.isEmpty ? Markup() : Drawing.text(left, x: 8, y: 38, "soft"))
      + (right.isEmpty
        ? Markup() : Drawing.text(right, x: ChartStyle.width - 8, y: 38, "soft end"))
  }

  private func content(_ area: Area, labels: Double) -> Markup {
    var (markup, top) = (Markup(), area.top)
    for group in groups {
      if !group.heading.isEmpty {
        markup += Drawing.text(group.heading, x: 8, y: top + 15, "soft")
        top += Self.headingHeight
      }
      for row in group.rows {
        markup += drawn(row, at: top + Self.rowHeight / 2, area, labels: labels)
        top += Self.rowHeight
      }
    }
    return markup
  }

  private func drawn(_ row: Row, at y: Double, _ area: Area, labels: Double) -> Markup {
    let label = shortened(row.label, to: labels, size: ChartStyle.label)
    var markup = Drawing.text(label, x: area.left - 14, y: y + 4, "end")
    markup += Drawing.text(row.text, x: ChartStyle.width - 8, y: y + 4, "end soft")
    guard row.value.isFinite else { return markup }
    let color = row.color % ChartStyle.colorCount
    if let interval = row.interval, interval.lower.isFinite, interval.upper.isFinite {
      let (lower, upper) = (area.place(interval.lower), area.place(interval.upper))
      markup += Drawing.line((lower, y), (upper, y), "series l\(color)")
      for end in [lower, upper] {
        markup += Drawing.line((end, y - 4), (end, y + 4), "series l\(color)")
      }
    }
    for part in row.parts where part.isFinite {
      markup += .empty(
        "circle", ["cx": area.place(part), "cy": y - 6, "r": 2.2, "class": "part l\(color)"])
    }
    markup += LineMarker(row.color).markup(at: (area.place(row.value), y))
    return markup
      + Drawing.rectangle(
        x: area.left, y: y - Self.rowHeight / 2, width: area.right - area.left,
        height: Self.rowHeight, "hover", hover: row.hover)
  }
}
