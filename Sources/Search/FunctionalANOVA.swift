import Support

/// What is known of the importance of a parameter.
public struct ImportanceEstimate: Equatable, Sendable {
  /// Of all importance, from 0 to 1.
  public let share: Double
  /// What 95 % of the estimates from trials drawn anew lie between.
  public let lower: Double
  public let upper: Double

  public init(share: Double, lower: Double, upper: Double) {
    (self.share, self.lower, self.upper) = (share, lower, upper)
  }

  /// Of an estimate and of those from trials that were drawn anew.
  init(_ share: Double, resampled shares: [Double]) {
    let sorted = shares.sorted()
    let tail = Int((Double(sorted.count) * 0.025).rounded(.down))
    self.init(
      share: share, lower: min(share, sorted.isEmpty ? 0 : sorted[tail]),
      upper: max(share, sorted.isEmpty ? 1 : sorted[sorted.count - 1 - tail]))
  }

  /// Whether the trials are enough to tell much from little: half of all importance.
  public var isKnown: Bool { upper - lower <= 0.5 }
}

/// How much of the variance of the losses each parameter explains alone: fANOVA.
///
/// A forest of regression trees, each grown on as many trials drawn with replacement, predicts the
/// loss. Of each tree the variance over the whole space is taken apart: a parameter's share is the
/// variance of the mean over all others, over the whole. Hutter, Hoos and Leyton-Brown, "An efficient
/// approach for assessing hyperparameter importance", 2014.
///
/// As in Optuna's evaluator a choice has a column for each of its values, numbers count as they are and
/// not by their logarithms, and only parameters that every trial uses take part. There are up to
/// sixteen times as many trees, because 64 leave a tenth to chance. The interval is that of 32 smaller forests, each
/// of trials drawn anew with replacement.
public enum FunctionalANOVA {
  private static let resampleCount = 32

  /// Of the forest. Over thousands of trials trees take longer and differ less.
  static func treeCount(_ trials: Int) -> Int { min(1024, max(64, 64_000 / trials)) }

  /// Of each of the forests of an interval.
  private static func resampledTreeCount(_ trials: Int) -> Int {
    min(64, max(4, 3_000 / trials))
  }

  /// The importance of each parameter of a space, in its order, together 1; `nil` for constants, for
  /// those that not every trial uses, and for all if no loss differs from another.
  ///
  /// - Parameters:
  ///   - trials: finished trials and their losses.
  ///   - seed: of the draws.
  public static func of(
    _ trials: [(point: SearchPoint, loss: Double)], in space: SearchSpace, seed: UInt64 = 0
  ) -> [ImportanceEstimate?] {
    let usable = trials.filter(\.loss.isFinite)
    let features = space.parameters.indices.map { Feature(of: $0, in: space, usable.map(\.point)) }
    let columns = features.compactMap(\.self).flatMap(\.columns)
    guard !usable.isEmpty, !columns.isEmpty else { return features.map { _ in nil } }
    var first = 0
    let places = features.map { feature in
      let count = feature?.columns.count ?? 0
      defer { first += count }
      return Array(first..<first + count)
    }
    let forest = Forest(table: RegressionTable(columns, usable.map(\.loss)), places: places)
    var random = RandomStream(seed: seed, purpose: .resampling, minor: 2)
    let all = [Int](repeating: 1, count: usable.count)
    guard let shares = forest.shares(treeCount(usable.count), of: all, using: &random) else {
      return features.map { _ in nil }
    }
    let resampled = (0..<resampleCount).compactMap { _ in
      let drawn = Forest.resampled(all, using: &random)
      return forest.shares(resampledTreeCount(usable.count), of: drawn, using: &random)
    }
    return features.indices.map { index in
      features[index] == nil
        ? nil : ImportanceEstimate(shares[index], resampled: resampled.map { $0[index] })
    }
  }
}

/// Trees grown on rows that are drawn with replacement.
private struct Forest {
  let table: RegressionTable
  /// Each parameter's columns.
  let places: [[Int]]

  /// Of each parameter the mean share of the variance, together 1; `nil` if no tree says anything.
  ///
  /// - Parameter weights: how often each row may be drawn, in proportion.
  func shares(_ treeCount: Int, of weights: [Int], using random: inout RandomStream) -> [Double]? {
    var sums = places.map { _ in 0.0 }
    for _ in 0..<treeCount {
      let drawn = Self.resampled(weights, using: &random)
      let tree = RegressionTree(table, weights: drawn, using: &random)
      let whole = tree.variance
      guard whole > 0 else { continue }
      for (index, own) in places.enumerated() where !own.isEmpty {
        sums[index] += tree.variance(along: own) / whole
      }
    }
    let total = sums.reduce(0, +)
    return total > 0 ? sums.map { $0 / total } : nil
  }

  /// As many rows as these weights say, drawn with replacement from them.
  static func resampled(_ weights: [Int], using random: inout RandomStream) -> [Int] {
    let rows = weights.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
    var drawn = [Int](repeating: 0, count: weights.count)
    for _ in rows.indices { drawn[rows[random.below(rows.count)]] += 1 }
    return drawn
  }
}

/// A parameter's values as columns of numbers from 0 to 1.
private struct Feature {
  let columns: [[Double]]

  /// `nil` for a constant, and if a point does not use the parameter.
  init?(of index: Int, in space: SearchSpace, _ points: [SearchPoint]) {
    let distribution = space.parameters[index].distribution
    let values = points.compactMap { $0.values[index] }
    guard !distribution.isConstant, values.count == points.count else { return nil }
    if case .choices(let choices, _) = distribution {
      columns = choices.map { choice in values.map { $0 == choice ? 1 : 0 } }
      return
    }
    columns = [values.map { distribution.linearPosition(of: $0) ?? 0 }]
  }
}

extension SearchDistribution {
  /// Where a number lies between the smallest and the largest, from 0 to 1; where there are no bounds,
  /// the share of the distribution below it.
  fileprivate func linearPosition(of value: JSONValue) -> Double? {
    func share(of value: Double?, _ lower: Double, _ upper: Double) -> Double? {
      value.map { upper > lower ? min(max(($0 - lower) / (upper - lower), 0), 1) : 0 }
    }
    switch self {
    case .choices: return nil
    case .integers(let range):
      return share(of: value.double, Double(range.lowerBound), Double(range.upperBound))
    case .continuous(let law):
      guard let bounds = law.bounds else { return coordinate(of: value) }
      return share(of: value.double, bounds.lowerBound, bounds.upperBound)
    case .quantized(let law, let step):
      guard let bounds = law.bounds else { return coordinate(of: value) }
      return share(
        of: value.double, Self.rounded(bounds.lowerBound, to: step),
        Self.rounded(bounds.upperBound, to: step))
    }
  }
}
