import Platform
import Support

/// Round numbers along an axis, and how they are written.
struct Ticks: Equatable, Sendable {
  let values: [Double]
  let labels: [String]

  /// Multiples of 1, 2 or 5 times a power of ten within `range`, at most `limit` of them.
  ///
  /// - Parameter isWhole: only whole numbers, as of epochs.
  static func linear(_ range: ClosedRange<Double>, limit: Int, isWhole: Bool = false) -> Ticks {
    let step = step(for: range, limit: limit, isWhole: isWhole)
    // A bound that is a multiple but for rounding counts as one.
    let first = (range.lowerBound / step - 1e-6).rounded(.up)
    let last = (range.upperBound / step + 1e-6).rounded(.down)
    guard first <= last else { return Ticks(values: [], labels: []) }
    let values = (0...Int(last - first)).map { (first + Double($0)) * step }
    let digits = max(0, Int(-log10(step).rounded(.down) + 1e-6))
    return Ticks(values: values, labels: values.map { text($0, digits: digits) })
  }

  /// The smallest round step of which at most `limit` multiples lie within `range`.
  static func step(
    for range: ClosedRange<Double>, limit: Int, isWhole: Bool = false
  ) -> Double {
    let span = range.upperBound - range.lowerBound
    let least = max(span / Double(max(1, limit)), isWhole ? 1 : .leastNormalMagnitude)
    var step = pow(10, log10(least).rounded(.down))
    while true {
      for factor in [1.0, 2, 5] where step * factor >= least * 0.999 {
        if count(of: step * factor, in: range) <= max(1, limit) { return step * factor }
      }
      step *= 10
    }
  }

  private static func count(of step: Double, in range: ClosedRange<Double>) -> Int {
    let first = (range.lowerBound / step - 1e-6).rounded(.up)
    return Int((range.upperBound / step + 1e-6).rounded(.down) - first) + 1
  }

  /// Powers of ten within `range`, with 2 and 5 times them where that leaves at most `limit`;
  /// over many powers only every second, third, …
  static func logarithmic(_ range: ClosedRange<Double>, limit: Int) -> Ticks {
    let exponents =
      Int(
        log10(range.lowerBound).rounded(.down))...Int(
        log10(range.upperBound).rounded(.up))
    func ticks(_ factors: [Double], every stride: Int = 1) -> [Double] {
      exponents.filter { $0 % stride == 0 }
        .flatMap { exponent in factors.map { $0 * pow(10, Double(exponent)) } }
        .filter { $0 >= range.lowerBound * 0.999 && $0 <= range.upperBound * 1.001 }
    }
    let choices = [ticks([1, 2, 5]), ticks([1, 3])] + (1...20).map { ticks([1], every: $0) }
    let values = choices.first { $0.count <= max(2, limit) } ?? []
    // Where some are powers of ten the other large ones are too.
    let isPlain = values.allSatisfy { $0 < 1e6 }
    return Ticks(values: values, labels: values.map { text(of: $0, plainTo: isPlain ? 5 : 3) })
  }

  private static func text(_ value: Double, digits: Int) -> String {
    // Adding 0 makes -0 0.
    if digits > 5 || abs(value) >= 1e6 { return text(of: value) }
    return fixed(value + 0, digits)
  }

  /// `0.05`, `2`, `3·10⁻⁷`: a number with one digit that counts.
  private static func text(of value: Double, plainTo largest: Int = 5) -> String {
    guard value != 0 else { return "0" }
    let exponent = Int(log10(abs(value) * 1.0001).rounded(.down))
    if (-4...largest).contains(exponent) { return fixed(value, max(0, -exponent)) }
    let factor = fixed(value / pow(10, Double(exponent)), 0)
    return (factor == "1" ? "" : factor + "·") + "10" + superscript(exponent)
  }

  private static func superscript(_ number: Int) -> String {
    let digits: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷",
      "8": "⁸", "9": "⁹",
    ]
    return String(String(number).map { digits[$0] ?? $0 })
  }
}

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
