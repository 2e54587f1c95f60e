import Support

/// Two that are compared, as seen from the one that is ahead.
struct Lead {
  let winner: Int
  let loser: Int
  /// By how much; at least 0.
  let difference: Double
  /// `+0.12 to +0.98`, in points; empty where no interval is known.
  let interval: String

  /// - Parameters:
  ///   - difference: by how much `second` is above `first`.
  ///   - interval95: of the difference.
  ///   - winner: the one to see it from, if that is not to be found out.
  init(
    _ first: Int, _ second: Int, by difference: Double,
    interval95: (lower: Double, upper: Double)?, for winner: Int? = nil
  ) {
    let isSecond = winner.map { $0 == second } ?? (difference > 0)
    (self.winner, loser) = isSecond ? (second, first) : (first, second)
    self.difference = isSecond ? difference : 0 - difference
    interval =
      interval95.map { bounds in
        isSecond
          ? "\(percentagePoints(bounds.lower)) to \(percentagePoints(bounds.upper))"
          : "\(percentagePoints(0 - bounds.upper)) to \(percentagePoints(0 - bounds.lower))"
      } ?? ""
  }

  /// Which one is better, by how much, and whether that is more than chance.
  ///
  /// - Parameters:
  ///   - names: of all that are compared.
  ///   - isBeyondChance: `nil` where that cannot be said.
  ///   - mean: what the difference is the mean of, `in the mean`; empty of one.
  func headline(_ names: [String], isBeyondChance: Bool?, mean: String = "") -> String {
    let (a, b) = (names[winner].shown, names[loser].shown)
    let suffix = mean.isEmpty ? "" : " " + mean
    guard difference != 0 else { return "\(a) and \(b) got equally many images right" + suffix }
    let points = "\(fixed(difference * 100, 2)) percentage points"
    return switch isBeyondChance {
    case true?: "\(a) is better than \(b) by \(points)\(suffix), which is more than chance"
    case false?: "\(a) is ahead of \(b) by \(points)\(suffix), which may well be chance"
    case nil: "\(a) is ahead of \(b) by \(points)\(suffix), and whether by chance cannot be said"
    }
  }
}

extension [String] {
  /// `a`, `a or b`, `a, b or c`; of many their number.
  func asRivals(of count: Int) -> String {
    self.count < 4 ? asChoices : "\(self.count) of the \(count) others"
  }
}

/// `+1.20`, `-0.31`: a difference of shares in percentage points.
public func percentagePoints(_ difference: Double) -> String {
  (difference < 0 ? "-" : "+") + fixed(abs(difference) * 100, 2)
}
