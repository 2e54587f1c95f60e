import Support

/// Colours for values from the worst to the best, by rank: a seventh of the values has each, so that
/// a few bad ones do not make all the others look alike.
struct ValueScale: Sendable {
  /// From the worst to the best.
  private let values: [Double]
  private let isHigherBetter: Bool
  private let text: @Sendable (Double) -> String

  init(
    _ values: some Sequence<Double>, isHigherBetter: Bool,
    text: @escaping @Sendable (Double) -> String
  ) {
    let sorted = values.filter(\.isFinite).sorted()
    self.values = isHigherBetter ? sorted : sorted.reversed()
    self.isHigherBetter = isHigherBetter
    self.text = text
  }

  /// The colour's class: `v0` for the worst.
  func colorClass(of value: Double) -> String {
    "v\(level(of: value))"
  }

  func level(of value: Double) -> Int {
    let count = ChartStyle.levelCount
    guard values.count > 1 else { return count - 1 }
    return (1..<count).last { isAsGood(value, as: values[$0 * values.count / count]) } ?? 0
  }

  private func isAsGood(_ value: Double, as other: Double) -> Bool {
    isHigherBetter ? value >= other : value <= other
  }

  static let legendHeight = 20.0

  /// The colours side by side between the worst and the best value, from `left` on.
  func legend(left: Double, top: Double) -> Markup {
    guard let worst = values.first, let best = values.last else { return Markup() }
    let (first, last) = ("worst \(text(worst))", "best \(text(best))")
    var place = left + textWidth(first, size: ChartStyle.label) + 8
    var markup = Drawing.text(first, x: left, y: top + 10)
    for level in 0..<ChartStyle.levelCount {
      markup += Drawing.rectangle(x: place, y: top, width: 14, height: 12, "area v\(level)")
      place += 14
    }
    return markup + Drawing.text(last, x: place + 8, y: top + 10)
  }
}
