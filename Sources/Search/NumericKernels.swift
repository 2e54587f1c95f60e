import Support

/// Normal distributions that are cut off at 0 and 1: one an observation, and the prior, which is
/// as wide as the range.
struct NumericKernels {
  private let means: [Double]
  private let deviations: [Double]
  /// What `exp` of is taken for a kernel's density where its exponent is 0.
  private let logHeights: [Double]
  /// A kernel of each pair of mean and deviation that occurs. Discrete parameters have few.
  private let distinct: [Int]
  /// For each kernel the place in `distinct` of the one that is equal.
  private let equals: [Int]

  init(_ observations: [Double]) {
    let order = observations.indices.sorted { (observations[$0], $0) < (observations[$1], $1) }
    let means = observations + [0.5]
    let deviations = Self.deviations(observations, order) + [1]
    var distinct: [Int] = []
    var equals = [Int](repeating: 0, count: means.count)
    for kernel in order + [observations.count] {
      if distinct.last.map({
        means[$0] != means[kernel] || deviations[$0] != deviations[kernel]
      }) ?? true {
        distinct.append(kernel)
      }
      equals[kernel] = distinct.count - 1
    }
    let heights = distinct.map { Self.logHeight(means[$0], deviations[$0]) }
    logHeights = equals.map { heights[$0] }
    self.means = means
    self.deviations = deviations
    self.distinct = distinct
    self.equals = equals
  }

  /// Each kernel reaches to its farther neighbour, but is not narrower than an even share of the
  /// range. The ends of the range count as neighbours only of a single observation.
  private static func deviations(_ observations: [Double], _ order: [Int]) -> [Double] {
    let count = observations.count
    let narrowest = 1 / min(100, Double(count) + 2)
    var deviations = [Double](repeating: 0, count: count)
    for (place, index) in order.enumerated() {
      let x = observations[index]
      let end = count == 1 ? 1.0 : 0
      let left = place == 0 ? x * end : x - observations[order[place - 1]]
      let right = place == count - 1 ? (1 - x) * end : observations[order[place + 1]] - x
      deviations[index] = min(max(left, right, narrowest), 1)
    }
    return deviations
  }

  private static func logHeight(_ mean: Double, _ deviation: Double) -> Double {
    let area = NormalDistribution.mass(from: -mean / deviation, to: (1 - mean) / deviation)
    return -logarithm((2 * .pi).squareRoot() * deviation * area)
  }

  /// The point that has `share` of a kernel's area to its left.
  func value(atShare share: Double, of kernel: Int) -> Double {
    let (mean, deviation) = (means[kernel], deviations[kernel])
    let low = NormalDistribution.share(below: -mean / deviation)
    let high = NormalDistribution.share(below: (1 - mean) / deviation)
    let x = NormalDistribution.value(atShare: low + (high - low) * share)
    return min(max(mean + deviation * x, 0), 1)
  }

  /// Adds the logarithm of each kernel's density at `x`.
  func addLogDensities(at x: Double, to row: inout [Double]) {
    for kernel in row.indices {
      let z = (x - means[kernel]) / deviations[kernel]
      row[kernel] += logHeights[kernel] - 0.5 * z * z
    }
  }

  /// The logarithm of the mass that each distinct kernel has in a cell.
  func logMasses(of cell: ClosedRange<Double>) -> [Double] {
    let logRoot = 0.5 * logarithm(2 * .pi)
    return distinct.map { kernel in
      let (mean, deviation) = (means[kernel], deviations[kernel])
      let mass = NormalDistribution.mass(
        from: (cell.lowerBound - mean) / deviation, to: (cell.upperBound - mean) / deviation)
      return logarithm(max(mass, .leastNormalMagnitude)) + logHeights[kernel] + logRoot
        + logarithm(deviation)
    }
  }

  /// Adds what ``logMasses(of:)`` says to each kernel.
  func add(_ logMasses: [Double], to row: inout [Double]) {
    for kernel in row.indices { row[kernel] += logMasses[equals[kernel]] }
  }
}
