import Platform
import Support

/// One direction of a plot: which numbers it covers and where they lie.
struct Axis: Equatable, Sendable {
  enum Scale: Equatable, Sendable { case linear, logarithmic }

  /// With the unit: `loss (nats)`.
  let title: String
  let scale: Scale
  let range: ClosedRange<Double>
  /// Only whole numbers are marked.
  var isWhole = false
  /// What stands at 0, 1, 2, … of an axis that has choices and no numbers.
  private(set) var choices: [String]?

  /// An axis that covers `values`, the finite ones, and ends at round numbers.
  ///
  /// - Parameters:
  ///   - mayBeLogarithmic: take a logarithmic scale where the values are positive and more than a
  ///     factor of 50 apart.
  ///   - bounds: what the axis must not leave, as 0 to 100 of a percentage.
  init(
    _ title: String, covering values: some Sequence<Double>, mayBeLogarithmic: Bool = false,
    within bounds: ClosedRange<Double>? = nil, isWhole: Bool = false
  ) {
    self.title = title
    self.isWhole = isWhole
    let finite = values.filter(\.isFinite)
    guard let least = finite.min(), let most = finite.max() else {
      (scale, range) = (.linear, bounds ?? 0...1)
      return
    }
    if mayBeLogarithmic, least > 0, most > 50 * least {
      (scale, range) = (
        .logarithmic, Self.roundFactor(below: least)...Self.roundFactor(above: most)
      )
    } else {
      (scale, range) = (.linear, Self.roundRange(least, most, within: bounds))
    }
  }

  /// An axis over exactly this range.
  init(_ title: String, _ range: ClosedRange<Double>, isWhole: Bool = false) {
    self.title = title
    self.range = range
    self.isWhole = isWhole
    scale = .linear
  }

  /// An axis over these choices, side by side.
  init(_ title: String, choices: [String]) {
    self.init(title, -0.5...max(0.5, Double(choices.count) - 0.5))
    self.choices = choices
  }

  /// An axis that covers the finite ones among `values` on a logarithmic scale. They are positive;
  /// a single value gets room around it.
  init(_ title: String, logarithmicallyCovering values: some Sequence<Double>) {
    self.title = title
    let finite = values.filter { $0.isFinite && $0 > 0 }
    let (least, most) = (finite.min() ?? 1, finite.max() ?? 10)
    let room = most > least ? 1 : 2.0
    scale = .logarithmic
    range = Self.roundFactor(below: least / room)...Self.roundFactor(above: most * room)
  }

  /// The values, and where all of them are one percentage what is a point away from it.
  static func withRoom(_ values: [Double]) -> [Double] {
    guard let value = values.first(where: \.isFinite),
      values.allSatisfy({ !$0.isFinite || $0 == value })
    else { return values }
    return [value - 1, value, value + 1]
  }

  private static func roundRange(
    _ least: Double, _ most: Double, within bounds: ClosedRange<Double>?
  ) -> ClosedRange<Double> {
    // One value alone gets room around it.
    let room = most > least ? 0 : max(abs(least) * 0.1, 1e-3)
    let step = Ticks.step(for: least - room...most + room, limit: 6)
    let lower = ((least - room) / step).rounded(.down) * step
    let upper = ((most + room) / step).rounded(.up) * step
    guard let bounds else { return lower...upper }
    return max(lower, bounds.lowerBound)...min(max(upper, lower + step), bounds.upperBound)
  }

  private static let factors = [1.0, 2, 5, 10]

  private static func roundFactor(below value: Double) -> Double {
    let power = pow(10, log10(value).rounded(.down))
    return power * (factors.last { $0 * power <= value * 1.001 } ?? 1)
  }

  private static func roundFactor(above value: Double) -> Double {
    let power = pow(10, log10(value).rounded(.down))
    return power * (factors.first { $0 * power >= value * 0.999 } ?? 10)
  }

  /// Where a value lies, 0 at the beginning of the axis and 1 at its end.
  func position(_ value: Double) -> Double {
    let (lower, upper) = (range.lowerBound, range.upperBound)
    switch scale {
    case .linear: return upper > lower ? (value - lower) / (upper - lower) : 0.5
    case .logarithmic: return log(value / lower) / log(upper / lower)
    }
  }

  /// At most `limit` ticks.
  func ticks(limit: Int) -> Ticks {
    if let choices {
      let every = max(1, (choices.count + limit - 1) / max(1, limit))
      let shown = choices.indices.filter { $0 % every == 0 }
      return Ticks(values: shown.map(Double.init), labels: shown.map { choices[$0] })
    }
    switch scale {
    case .linear: return .linear(range, limit: limit, isWhole: isWhole)
    case .logarithmic: return .logarithmic(range, limit: limit)
    }
  }

  /// As many ticks as fit into `length` with their labels side by side.
  func ticks(along length: Double, size: Double) -> Ticks {
    if let choices {
      let ticks = ticks(limit: max(1, Int(length / (3 * size))))
      let room =
        length * Double(choices.count / ticks.values.count) / Double(choices.count) - size / 2
      return Ticks(
        values: ticks.values, labels: ticks.labels.map { shortened($0, to: room, size: size) })
    }
    for limit in stride(from: 10, through: 2, by: -1) {
      let ticks = ticks(limit: limit)
      let positions = ticks.values.map { position($0) * length }
      let widths = ticks.labels.map { textWidth($0, size: size) }
      let fits = zip(zip(positions, widths), zip(positions, widths).dropFirst()).allSatisfy {
        $1.0 - $0.0 >= ($0.1 + $1.1) / 2 + size
      }
      if fits { return ticks }
    }
    return ticks(limit: 1)
  }
}
