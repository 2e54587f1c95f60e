import Support

/// A square of cells, darker where there is more; its diagonal, which everybody expects, is flat. Or
/// of differences, with a colour for each direction and nothing flat.
public struct HeatMap: Sendable {
  public struct Cell: Sendable {
    /// From 0 to 1; below 0, down to −1, in the other colour of a difference.
    public let intensity: Double
    /// What stands in the cell where it is large enough.
    public let text: String
    /// What it says under the pointer.
    public let hover: String

    public init(intensity: Double, text: String, hover: String) {
      self.intensity = intensity
      self.text = text
      self.hover = hover
    }
  }

  let title: String
  /// Of rows and columns.
  let labels: [String]
  let rowTitle: String
  let columnTitle: String
  /// Row by row; `nil` where there is nothing.
  let cells: [[Cell?]]
  /// What shades mean: a title, and labels at intensities.
  let scale: (title: String, ticks: [(intensity: Double, label: String)])
  /// The colours' classes below and above 0, if the cells are differences.
  let directions: (below: String, above: String)?

  public init(
    _ title: String, labels: [String], rows: String, columns: String, cells: [[Cell?]],
    scale: (title: String, ticks: [(intensity: Double, label: String)]),
    directions: (below: String, above: String)? = nil
  ) {
    self.directions = directions
    self.title = title
    self.labels = labels
    rowTitle = rows
    columnTitle = columns
    self.cells = cells
    self.scale = scale
  }

  /// The opacity above which the paper's colour stands out better than the ink's.
  private static let darkest = 0.66

  /// A shade that can still be seen, up to the full colour.
  static func opacity(_ intensity: Double) -> Double { 0.12 + 0.88 * min(abs(intensity), 1) }

  private func color(_ intensity: Double) -> String {
    directions.map { intensity < 0 ? $0.below : $0.above } ?? "heat"
  }

  public var drawing: Drawing {
    let layout = HeatMapLayout(labels: labels, texts: cells.joined().lazy.compactMap { $0?.text })
    var body = Drawing.text(title, x: 8, y: 18, "title")
    body += grid(layout) + names(layout)
    for (row, line) in cells.enumerated() {
      for (column, cell) in line.enumerated() {
        if let cell { body += drawn(cell, row, column, layout) }
      }
    }
    body += legend(layout)
    return Drawing(title: title, width: layout.width, height: layout.height, body: body)
  }

  private func drawn(_ cell: Cell, _ row: Int, _ column: Int, _ layout: HeatMapLayout) -> Markup {
    let (x, y) = layout.corner(row, column)
    let isFlat = row == column && directions == nil
    let opacity = Self.opacity(cell.intensity)
    let rectangle = Drawing.rectangle(
      x: x + 0.25, y: y + 0.25, width: layout.cell - 0.5, height: layout.cell - 0.5,
      isFlat ? "flat" : color(cell.intensity), opacity: isFlat ? 1 : opacity, hover: cell.hover)
    guard layout.showsText else { return rectangle }
    let color = isFlat ? "soft" : opacity > Self.darkest ? "over" : ""
    // The text lies over the cell; the pointer must reach what is under it.
    return rectangle
      + .element(
        "text",
        [
          "x": x + layout.cell / 2, "y": y + layout.cell / 2 + 3.2,
          "class": "small middle \(color)", "pointer-events": "none",
        ], Markup(cell.text))
  }

  private func grid(_ layout: HeatMapLayout) -> Markup {
    let (left, top, side) = (layout.left, layout.top, layout.side)
    let lines = (0...labels.count).map { index in
      let offset = layout.cell * Double(index)
      return Drawing.line((left, top + offset), (left + side, top + offset), "hair")
        + Drawing.line((left + offset, top), (left + offset, top + side), "hair")
    }
    return lines.joined()
  }

  private func names(_ layout: HeatMapLayout) -> Markup {
    var markup = Markup()
    for (index, name) in layout.names.enumerated() {
      let middle = layout.cell * (Double(index) + 0.5)
      let baseline = layout.top + middle + ChartStyle.small * 0.36
      markup += Drawing.text(name, x: layout.left - 4, y: baseline, "small end")
      if layout.repeatsNames {
        markup += Drawing.text(name, x: layout.left + layout.side + 4, y: baseline, "small")
      }
      markup += columnName(name, layout.left + middle, layout)
    }
    let center = layout.left + layout.side / 2
    markup += Drawing.text(columnTitle, x: center, y: layout.top - layout.nameHeight - 9, "middle")
    markup += Drawing.text(
      rowTitle, x: 14, y: layout.top + layout.side / 2, "middle", rotated: true)
    return markup
  }

  private func columnName(_ name: String, _ x: Double, _ layout: HeatMapLayout) -> Markup {
    guard layout.turnsNames else {
      var markup = Drawing.text(name, x: x, y: layout.top - 4, "small middle")
      if layout.repeatsNames {
        markup += Drawing.text(name, x: x, y: layout.top + layout.side + 11, "small middle")
      }
      return markup
    }
    return Drawing.text(
      name, x: x + ChartStyle.small * 0.36, y: layout.top - 4, "small", rotated: true)
  }

  /// The shades from nothing to the most, under the square.
  private func legend(_ layout: HeatMapLayout) -> Markup {
    let (left, top) = (layout.left, layout.legendTop)
    let width = min(layout.side, 260)
    let steps = 26
    var markup = Drawing.text(scale.title, x: left, y: top)
    // Of differences from −1 on, else from 0.
    func place(_ intensity: Double) -> Double {
      left + width * (directions == nil ? intensity : (intensity + 1) / 2)
    }
    for step in 0..<steps {
      let share = (Double(step) + 0.5) / Double(steps)
      let intensity = directions == nil ? share : share * 2 - 1
      markup += Drawing.rectangle(
        x: left + width * Double(step) / Double(steps), y: top + 6,
        width: width / Double(steps) + 0.2, height: 9, color(intensity),
        opacity: Self.opacity(intensity))
    }
    var end = -Double.infinity
    for tick in scale.ticks {
      let place = place(tick.intensity)
      let half = textWidth(tick.label, size: ChartStyle.small) / 2
      // Of labels that would touch, the first stays.
      guard place - half > end + 4 else { continue }
      end = place + half
      markup += Drawing.line((place, top + 15), (place, top + 18), "frame")
      markup += Drawing.text(tick.label, x: place, y: top + 27, "small soft middle")
    }
    return markup
  }
}

/// Where the parts of a heat map lie, whether it has 2 rows or 62.
struct HeatMapLayout {
  /// The side of a cell.
  let cell: Double
  let showsText: Bool
  /// The labels, cut where they are too long.
  let names: [String]
  /// Whether the columns' labels are written upwards, because a column is narrower than its label.
  let turnsNames: Bool
  /// Whether labels stand on both sides, because the square is large.
  let repeatsNames: Bool
  let left: Double
  let top: Double
  /// The height of the columns' labels.
  let nameHeight: Double
  private let nameWidth: Double

  private static let leastSide = 330.0
  private static let mostSide = 640.0

  init(labels: [String], texts: some Sequence<String>) {
    let count = Double(max(1, labels.count))
    let textWidth = Reports::textWidth(texts, size: ChartStyle.small) + 5
    let roomy = min(max(textWidth, 18), 60)
    showsText = textWidth <= roomy && roomy * count <= Self.mostSide
    let least = showsText ? roomy : 11.5
    cell = min(max(least, Self.leastSide / count), 60)
    names = labels.map { shortened($0, to: 70, size: ChartStyle.small) }
    nameWidth = Reports::textWidth(names, size: ChartStyle.small)
    turnsNames = nameWidth > cell
    repeatsNames = labels.count > 30
    nameHeight = turnsNames ? nameWidth + 2 : ChartStyle.small + 2
    left = 24 + nameWidth + 6
    top = 30 + 16 + nameHeight
    side = cell * count
  }

  /// The side of the square.
  let side: Double

  func corner(_ row: Int, _ column: Int) -> (x: Double, y: Double) {
    (left + cell * Double(column), top + cell * Double(row))
  }

  var legendTop: Double { top + side + (repeatsNames && !turnsNames ? 34 : 24) }
  var height: Double { legendTop + 34 }
  var width: Double {
    max(left + side + (repeatsNames ? nameWidth + 8 : 0) + 12, 400)
  }
}
