import Support

/// A field of values over two parameters, estimated from the trials that lie in it as points.
///
/// The estimate is the mean of all trials, weighted by the inverse fourth power of their distance
/// (Shepard, "A two-dimensional interpolation function for irregularly-spaced data", 1968).
struct ContourChart: Sendable {
  struct Point: Sendable {
    let x: Double
    let y: Double
    let value: Double
    let hover: String
  }

  let title: String
  let x: Axis
  let y: Axis
  let points: [Point]
  let scale: ValueScale

  private static let cellCount = 44
  private static let plotHeight = 260.0

  var drawing: Drawing {
    let area = PlotArea(
      x: x, y: y, width: ChartStyle.width, top: 56, height: Self.plotHeight)
    let body =
      Drawing.text(title, x: 8, y: 18, "title") + scale.legend(left: 8, top: 30)
      + area.markup + .element("g", ["class": "field"], field(in: area))
      + points.map { self.point($0, in: area) }.joined()
    return Drawing(
      title: title, width: ChartStyle.width, height: area.bottom + PlotArea.footer, body: body)
  }

  private func point(_ point: Point, in area: PlotArea) -> Markup {
    let place = area.point(point.x, point.y)
    return .element(
      "circle",
      [
        "cx": place.x, "cy": place.y, "r": points.count > 100 ? 2.6 : 4,
        "class": "spot \(color(point.value))",
      ],
      .element("title", [:], Markup(point.hover)))
  }

  private func color(_ value: Double) -> String { scale.colorClass(of: value) }

  /// Cells, of which neighbours in a row with the same colour are one.
  private func field(in area: PlotArea) -> Markup {
    let count = Self.cellCount
    let (width, height) = (area.width / Double(count), area.height / Double(count))
    let places = points.map { (x.position($0.x), y.position($0.y), $0.value) }
    var markup = Markup()
    for row in 0..<count {
      let levels = (0..<count).map { column in
        scale.level(of: Self.estimate((Double(column) + 0.5, Double(row) + 0.5), of: places))
      }
      var start = 0
      for column in 1...count where column == count || levels[column] != levels[start] {
        markup += Drawing.rectangle(
          x: area.left + width * Double(start), y: area.bottom - height * Double(row + 1),
          width: width * Double(column - start) + 0.3, height: height + 0.3,
          "area v\(levels[start])")
        start = column
      }
    }
    return markup
  }

  private static func estimate(
    _ cell: (x: Double, y: Double), of points: [(x: Double, y: Double, value: Double)]
  ) -> Double {
    let (cellX, cellY) = (cell.x / Double(cellCount), cell.y / Double(cellCount))
    var (sum, weights) = (0.0, 0.0)
    for point in points {
      let (dx, dy) = (point.x - cellX, point.y - cellY)
      let square = dx * dx + dy * dy + 1e-5
      let weight = 1 / (square * square)
      sum += weight * point.value
      weights += weight
    }
    return sum / weights
  }
}
