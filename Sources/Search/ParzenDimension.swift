import Platform
import Support

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
  func addLogDensities(
    at coordinates: [Double], to rows: [UnsafeMutableBufferPointer<Double>]
  ) {
    switch self {
    case .choices(let probabilities, let count):
      let logs = probabilities.map { log($0) }
      for (row, coordinate) in zip(rows, coordinates) {
        for kernel in row.indices { row[kernel] += logs[kernel * count + Int(coordinate)] }
      }
    case .numeric(let kernels, let distribution):
      var masses: [Double: [Double]] = [:]
      for (row, coordinate) in zip(rows, coordinates) {
        guard let cell = distribution.cell(around: coordinate) else {
          kernels.addLogDensities(at: coordinate, to: row)
          continue
        }
        let known = masses[coordinate] ?? kernels.logMasses(of: cell)
        masses[coordinate] = known
        kernels.add(known, to: row)
      }
    }
  }
}
