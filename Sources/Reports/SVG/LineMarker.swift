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
