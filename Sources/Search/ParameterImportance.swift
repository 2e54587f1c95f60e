import Support

/// How much each parameter decided whether a trial was among the best tenth.
///
/// PED-ANOVA: for each parameter the Pearson divergence between the density of the best trials and
/// that of all, over a grid of at most 50 values. Watanabe, Bansal and Hutter, "PED-ANOVA:
/// efficiently quantifying hyperparameter importance in arbitrary subspaces", 2023. A parameter
/// that only some trials use is weighted by how often the best and all trials use it.
public enum ParameterImportance {
  /// The share of the trials that count as the best.
  static let targetShare = 0.1

  /// The importance of each parameter of a space, in its order; together 1, or all equal if there
  /// is nothing to tell them apart. Constants have none and get 0.
  ///
  /// - Parameter trials: finished trials and their losses.
  public static func of(_ trials: [(point: SearchPoint, loss: Double)], in space: SearchSpace)
    -> [Double]
  {
    let usable = trials.filter(\.loss.isFinite)
    let searched = space.parameters.map { !$0.distribution.isConstant }
    let best = best(of: usable)
    let raw = space.parameters.indices.map { index in
      searched[index] && usable.count > 1
        ? importance(of: index, best, usable.map(\.point), space) : 0
    }
    let sum = raw.reduce(0, +)
    let searchedCount = Double(searched.count { $0 })
    return sum > 0 ? raw.map { $0 / sum } : searched.map { $0 ? 1 / searchedCount : 0 }
  }

  /// The same with what 95 % of the estimates lie between from trials drawn anew with replacement, 50
  /// times.
  ///
  /// - Parameter seed: of the draws.
  public static func estimates(
    of trials: [(point: SearchPoint, loss: Double)], in space: SearchSpace, seed: UInt64 = 0
  ) -> [ImportanceEstimate] {
    let usable = trials.filter(\.loss.isFinite)
    let resampled = (usable.isEmpty ? 0..<0 : 0..<50).map { number in
      var random = RandomStream(seed: seed, purpose: .resampling, major: number, minor: 1)
      return of(usable.map { _ in usable[random.below(usable.count)] }, in: space)
    }
    return of(usable, in: space).enumerated().map { index, share in
      ImportanceEstimate(share, resampled: resampled.map { $0[index] })
    }
  }

  /// The best tenth, and whoever is as good as its last.
  private static func best(of trials: [(point: SearchPoint, loss: Double)]) -> [SearchPoint] {
    let losses = trials.map(\.loss).sorted()
    guard !losses.isEmpty else { return [] }
    let cutoff = losses[Int((targetShare * Double(losses.count)).rounded(.up)) - 1]
    return trials.filter { $0.loss <= cutoff }.map(\.point)
  }

  /// Up to a factor that is the same for all parameters.
  private static func importance(
    of index: Int, _ best: [SearchPoint], _ all: [SearchPoint], _ space: SearchSpace
  ) -> Double {
    let parameter = space.parameters[index]
    let axis = ImportanceAxis(parameter.distribution)
    let bestCells = best.compactMap { $0.values[index].flatMap(axis.cell) }
    let allCells = all.compactMap { $0.values[index].flatMap(axis.cell) }
    guard !bestCells.isEmpty, allCells.count > 1 else { return 0 }
    let target = axis.density(of: bestCells).map { $0 + 1e-12 }
    let region = axis.density(of: allCells).map { $0 + 1e-12 }
    let divergence = zip(target, region).map { $1 * ($0 / $1 - 1) * ($0 / $1 - 1) }.reduce(0, +)
    let targetUse = Double(bestCells.count) / Double(best.count)
    let regionUse = Double(allCells.count) / Double(all.count)
    return targetUse * targetUse / regionUse * divergence
  }
}

/// A parameter's values laid on a line of cells, and densities over them.
///
/// Kernels have the width of Scott's rule (Scott, "Multivariate density estimation", 1992), because
/// those of the search are too wide to show what matters.
struct ImportanceAxis {
  private let distribution: SearchDistribution
  let cellCount: Int

  init(_ distribution: SearchDistribution) {
    self.distribution = distribution
    cellCount =
      switch distribution {
      case .choices(let values, _): values.count
      case .integers(let range): min(range.count, Self.largestCount)
      case .continuous, .quantized: min(distribution.distinctCount ?? .max, Self.largestCount)
      }
  }

  private static let largestCount = 50

  /// The cell of a value.
  func cell(of value: JSONValue) -> Int? {
    guard let position = distribution.position(of: value) else { return nil }
    if case .choices = distribution { return Int(position) }
    // A value half-way between two cells belongs to the lower one.
    let cell = (position * Double(cellCount - 1) - 0.5).rounded(.up)
    return min(max(Int(cell), 0), cellCount - 1)
  }

  /// The probability of each cell, from the cells of some trials.
  func density(of cells: [Int]) -> [Double] {
    var counts = [Double](repeating: 0, count: cellCount)
    for cell in cells { counts[cell] += 1 }
    let seen = counts.indices.filter { counts[$0] > 0 }
    let total = Double(cells.count) + 1
    var density = [Double](repeating: 0, count: cellCount)
    let rows = kernels(seen, counts)
    for (row, weight) in zip(rows, seen.map { counts[$0] } + [1]) {
      for cell in density.indices { density[cell] += row[cell] * weight / total }
    }
    return density
  }

  /// A kernel for each cell that was seen, and the prior's.
  private func kernels(_ seen: [Int], _ counts: [Double]) -> [[Double]] {
    if case .choices = distribution { return choiceKernels(seen) }
    let (mean, width) = (Double(cellCount - 1) / 2, Double(cellCount))
    let whole = Self.area(-0.5 - mean, width - 0.5 - mean, width)
    let prior = (0..<cellCount).map { cell in
      Self.area(Double(cell) - 0.5 - mean, Double(cell) + 0.5 - mean, width) / whole
    }
    return normalKernels(seen, Self.deviation(seen, counts)) + [prior]
  }

  private func choiceKernels(_ seen: [Int]) -> [[Double]] {
    let share = 1 / Double(seen.count + 1)
    let sum = 1 + share * Double(cellCount)
    let rows = seen.map { cell in
      (0..<cellCount).map { (share + ($0 == cell ? 1 : 0)) / sum }
    }
    return rows + [[Double](repeating: 1 / Double(cellCount), count: cellCount)]
  }

  /// Normal distributions about the cells that were seen, each cut off at the ends of the line. What of
  /// them lies in a cell depends on its distance from the middle alone.
  private func normalKernels(_ seen: [Int], _ deviation: Double) -> [[Double]] {
    let areas = (1 - cellCount..<cellCount).map { distance in
      Self.area(Double(distance) - 0.5, Double(distance) + 0.5, deviation)
    }
    return seen.map { mean in
      let whole = Self.area(
        -0.5 - Double(mean), Double(cellCount) - 0.5 - Double(mean), deviation)
      return (0..<cellCount).map { areas[$0 - mean + cellCount - 1] / whole }
    }
  }

  /// Of a normal distribution about 0 what lies between two places.
  private static func area(_ low: Double, _ high: Double, _ deviation: Double) -> Double {
    NormalDistribution.mass(from: low / deviation, to: high / deviation)
  }

  /// Scott's rule on cells that are weighted by their counts, at least so wide that nine tenths of
  /// a kernel lie in its own cell.
  private static func deviation(_ seen: [Int], _ counts: [Double]) -> Double {
    let weights = seen.map { counts[$0] }
    let total = weights.reduce(0, +)
    let mean = zip(seen, weights).map { Double($0) * $1 }.reduce(0, +) / total
    let squares = zip(seen, weights).map { (Double($0) - mean) * (Double($0) - mean) * $1 }
    let spread = (squares.reduce(0, +) / max(1, total - 1)).squareRoot()
    let lower = quartile((total / 4).rounded(.down), weights) { $0 >= $1 }
    let upper = quartile((total * 3 / 4).rounded(.down), weights) { $0 > $1 }
    let range = Double(seen[min(seen.count - 1, upper)] - seen[min(seen.count - 1, lower)])
    let width = 1.059 * min(range / 1.34, spread) * power(total, -0.2)
    return max(width, 0.5 / 1.64)
  }

  /// The index at which the running sum of the weights reaches a limit.
  private static func quartile(
    _ limit: Double, _ weights: [Double], _ reaches: (Double, Double) -> Bool
  ) -> Int {
    var sum = 0.0
    for (index, weight) in weights.enumerated() {
      sum += weight
      if reaches(sum, limit) { return index }
    }
    return weights.count
  }
}

extension SearchDistribution {
  /// Where a value lies between the smallest and the largest, from 0 to 1; a choice's index.
  fileprivate func position(of value: JSONValue) -> Double? {
    guard let coordinate = coordinate(of: value) else { return nil }
    switch self {
    case .choices, .continuous: return coordinate
    case .integers(let range):
      let steps = max(1, range.count - 1)
      return value.int.map { Double($0 - range.lowerBound) / Double(steps) }
    case .quantized(let law, let step):
      guard case .uniform = law, let bounds = law.bounds else { return coordinate }
      let low = Self.rounded(bounds.lowerBound, to: step)
      let high = Self.rounded(bounds.upperBound, to: step)
      return value.double.map { high > low ? ($0 - low) / (high - low) : 0 }
    }
  }

  /// The number of values on an even grid; `nil` if there is no such grid.
  var distinctCount: Int? {
    guard case .quantized(.uniform(let bounds), let step) = self else { return nil }
    let low = Self.rounded(bounds.lowerBound, to: step)
    let high = Self.rounded(bounds.upperBound, to: step)
    let count = ((high - low) / step).rounded()
    return count < 1_000 ? Int(count) + 1 : nil
  }
}
