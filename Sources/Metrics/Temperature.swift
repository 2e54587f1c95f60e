import Support

/// The sharpness that makes probabilities as sure as they are right: `q ∝ p ^ sharpness`.
///
/// Models that learned smoothed labels, or averages of models, are less sure than they should be,
/// and then hardly any sample is confidently of another class. One number, fitted by the likelihood
/// of the labels, mends that (Guo et al., "On Calibration of Modern Neural Networks", 2017, section
/// 4.2; its temperature is the inverse).
public struct Temperature: Equatable, Sendable {
  /// The inverse of the temperature.
  public let sharpness: Double

  /// What logits are divided by.
  public var value: Double { 1 / sharpness }

  private static let bounds = (0.05, 20.0)
  /// About as many samples tell it to three digits.
  private static let sampleCount = 20_000

  /// A temperature that is known, above 0.
  public init(_ value: Double) { sharpness = 1 / value }

  /// - Parameters:
  ///   - probabilities: `[N, C]`, row by row.
  ///   - labels: the `N` class indices.
  public init(fitting probabilities: [Float], labels: [UInt16], classCount: Int) {
    let step = max(1, labels.count / Self.sampleCount)
    let samples = stride(from: 0, to: labels.count, by: step).map { index in
      (
        logarithms: probabilities[index * classCount..<(index + 1) * classCount].map(
          Self.boundedLogarithm),
        label: Int(labels[index])
      )
    }
    // The likelihood has one peak, where this changes its sign.
    func excess(_ sharpness: Double) -> Double {
      samples.reduce(0) { sum, sample in
        let weights = sample.logarithms.map { exponential($0 * sharpness) }
        let mean = zip(weights, sample.logarithms).reduce(0) { $0 + $1.0 * $1.1 }
        return sum + mean / weights.reduce(0, +) - sample.logarithms[sample.label]
      }
    }
    var (low, high) = Self.bounds
    for _ in 0..<30 {
      let middle = (low * high).squareRoot()
      if excess(middle) < 0 { low = middle } else { high = middle }
    }
    sharpness = samples.isEmpty ? 1 : (low * high).squareRoot()
  }

  /// The probabilities, each row as sure as it should be.
  public func apply(to probabilities: [Float], classCount: Int) -> [Float] {
    var result = probabilities
    for start in stride(from: 0, to: probabilities.count, by: classCount) {
      let weights = probabilities[start..<start + classCount].map {
        exponential(Self.boundedLogarithm($0) * sharpness)
      }
      let sum = weights.reduce(0, +)
      for (c, weight) in weights.enumerated() { result[start + c] = Float(weight / sum) }
    }
    return result
  }

  /// The same for one row.
  public func apply(to probabilities: [Double]) -> [Double] {
    let weights = probabilities.map { exponential(logarithm(max($0, 1e-30)) * sharpness) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// Bounded, so that a probability of 0 stays comparable.
  private static func boundedLogarithm(_ probability: Float) -> Double {
    logarithm(max(Double(probability), 1e-30))
  }
}
