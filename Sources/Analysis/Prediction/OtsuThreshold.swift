/// The threshold that parts values into two groups with the least spread inside them.
struct OtsuThreshold {
  /// What is above it belongs to the upper group.
  let threshold: Double
  /// The groups' means.
  let lower: Double
  let upper: Double

  /// - Parameter values: from 0 to 255, at least one.
  init(_ values: [Double]) {
    var counts = [Int](repeating: 0, count: 256)
    for value in values { counts[Int(min(max(value, 0), 255).rounded())] += 1 }
    let total = Double(values.count)
    let sum = counts.enumerated().reduce(0.0) { $0 + Double($1.offset * $1.element) }
    var best = (between: -1.0, threshold: 0, lower: 0.0, upper: 0.0)
    var (below, belowSum) = (0.0, 0.0)
    for (value, count) in counts.enumerated() where count > 0 {
      below += Double(count)
      belowSum += Double(count * value)
      let above = total - below
      let lower = belowSum / below
      let upper = above > 0 ? (sum - belowSum) / above : lower
      let between = below * above * (upper - lower) * (upper - lower)
      if between > best.between { best = (between, value, lower, upper) }
    }
    (threshold, lower, upper) = (Double(best.threshold) + 0.5, best.lower, best.upper)
  }

  /// 0 at the lower group's mean and below, 1 at the upper one's and above.
  func share(of value: Double) -> Double {
    guard upper > lower else { return 0 }
    return min(max((value - lower) / (upper - lower), 0), 1)
  }
}
