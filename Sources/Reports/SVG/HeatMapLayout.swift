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
