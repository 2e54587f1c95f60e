import Support

/// A density over some parameters: a mixture of one product of kernels an observation, and one
/// wide product, the prior.
///
/// Bergstra, Bardenet, Bengio and Kégl, "Algorithms for hyper-parameter optimization", 2011, in the
/// multivariate form of Falkner, Klein and Hutter, "BOHB", 2018; widths and weights as in Watanabe,
/// "Tree-structured Parzen estimator: understanding its algorithm components and their roles for
/// better empirical performance", 2023.
struct ParzenEstimator {
  private let dimensions: [ParzenDimension]
  /// One a kernel, the prior last; they sum to 1.
  private let weights: [Double]

  /// - Parameters:
  ///   - columns: for each distribution the coordinates of the observations, oldest first.
  init(_ distributions: [SearchDistribution], columns: [[Double]]) {
    let raw = Self.recencyWeights(columns.first?.count ?? 0) + [Self.priorWeight]
    let sum = raw.reduce(0, +)
    weights = raw.map { $0 / sum }
    dimensions = zip(distributions, columns).map(ParzenDimension.init)
  }

  /// How much the prior counts beside an observation's 1.
  static let priorWeight = 1.0

  /// The newest 25 observations count fully, older ones less and less.
  static func recencyWeights(_ count: Int) -> [Double] {
    guard count > 25 else { return [Double](repeating: 1, count: count) }
    let ramp = count - 25
    let step = ramp > 1 ? (1 - 1 / Double(count)) / Double(ramp - 1) : 0
    return (0..<count).map { $0 < ramp ? 1 / Double(count) + step * Double($0) : 1 }
  }

  /// A random point, a coordinate for each dimension.
  func sample(using stream: inout RandomStream) -> [Double] {
    let kernel = index(atShare: stream.unitDouble(), of: weights)
    return dimensions.map { $0.sample(kernel: kernel, share: stream.unitDouble()) }
  }

  /// The logarithm of the density at each point.
  func logDensities(_ points: [[Double]]) -> [Double] {
    let logWeights = weights.map { logarithm($0) }
    var rows = points.map { _ in logWeights }
    for (index, dimension) in dimensions.enumerated() {
      dimension.addLogDensities(at: points.map { $0[index] }, to: &rows)
    }
    return rows.map(logSumExp)
  }

  private func logSumExp(_ values: [Double]) -> Double {
    var largest = -Double.infinity
    for value in values { largest = max(largest, value) }
    guard largest > -.infinity else { return largest }
    var sum = 0.0
    // What is 40 below the largest does not change the sum's digits.
    for value in values where value > largest - 40 { sum += exponential(value - largest) }
    return largest + logarithm(sum)
  }
}

/// The kernels of one parameter, one an observation and the prior.
enum ParzenDimension {
  /// A row of probabilities a kernel.
  case choices([Double], count: Int)
  /// Normal kernels, cut off at 0 and 1.
  case numeric(NumericKernels, SearchDistribution)

  init(_ distribution: SearchDistribution, observations: [Double]) {
    if case .choices(_, let probabilities) = distribution {
      self = .choices(Self.rows(probabilities, observations), count: probabilities.count)
    } else {
      self = .numeric(NumericKernels(observations), distribution)
    }
  }

  /// Each observation's own choice, smoothed by its part of the prior.
  private static func rows(_ probabilities: [Double], _ observations: [Double]) -> [Double] {
    let count = probabilities.count
    let share = ParzenEstimator.priorWeight / Double(observations.count + 1) * Double(count)
    var rows: [Double] = []
    rows.reserveCapacity((observations.count + 1) * count)
    for observation in observations {
      for (choice, probability) in probabilities.enumerated() {
        let own = Double(choice) == observation ? 1.0 : 0
        rows.append((probability * share + own) / (share + 1))
      }
    }
    return rows + probabilities
  }

  /// A coordinate from one kernel, the one at `share` of its area.
  func sample(kernel: Int, share: Double) -> Double {
    switch self {
    case .choices(let rows, let count):
      Double(index(atShare: share, of: rows[kernel * count..<(kernel + 1) * count]))
    case .numeric(let kernels, let distribution):
      distribution.settled(kernels.value(atShare: share, of: kernel))
    }
  }

  /// Adds the logarithm of each kernel's density, or of its mass if the values are discrete, at
  /// each coordinate to the row of that coordinate.
  func addLogDensities(at coordinates: [Double], to rows: inout [[Double]]) {
    switch self {
    case .choices(let probabilities, let count):
      let logs = probabilities.map { logarithm($0) }
      for (row, coordinate) in coordinates.enumerated() {
        for kernel in rows[row].indices {
          rows[row][kernel] += logs[kernel * count + Int(coordinate)]
        }
      }
    case .numeric(let kernels, let distribution):
      var masses: [Double: [Double]] = [:]
      for (row, coordinate) in coordinates.enumerated() {
        guard let cell = distribution.cell(around: coordinate) else {
          kernels.addLogDensities(at: coordinate, to: &rows[row])
          continue
        }
        let known = masses[coordinate] ?? kernels.logMasses(of: cell)
        masses[coordinate] = known
        kernels.add(known, to: &rows[row])
      }
    }
  }
}
