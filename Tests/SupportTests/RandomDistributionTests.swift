import Foundation
import Support
import Testing

@Suite struct RandomDistributionTests {
  /// The largest distance of the draws' distribution from `distribution` (Kolmogorov).
  private func distance(
    _ draws: [Double], from distribution: (Double) -> Double
  ) -> Double {
    let count = Double(draws.count)
    return draws.sorted().enumerated().reduce(0) { worst, draw in
      let (index, p) = (Double(draw.offset), distribution(draw.element))
      return max(worst, abs(p - index / count), abs(p - (index + 1) / count))
    }
  }

  private static let count = 4000
  /// Exceeded once in ten thousand samples that are right: 2.23 / √n.
  private static let bound = 2.23 / Double(count).squareRoot()

  private func draw(_ body: (inout RandomStream) -> Double) -> [Double] {
    var stream = RandomStream(seed: 5, purpose: .testing)
    return (0..<Self.count).map { _ in body(&stream) }
  }

  /// Shapes whose distribution functions are elementary.
  @Test func betaNumbersFollowTheirDistribution() {
    let cases: [(Double, Double, (Double) -> Double)] = [
      (1, 1, { $0 }),
      (0.5, 0.5, { 2 / Double.pi * asin($0.squareRoot()) }),
      (2, 2, { $0 * $0 * (3 - 2 * $0) }),
      (1, 3, { 1 - pow(1 - $0, 3) }),
      (4, 1, { pow($0, 4) }),
      (0.2, 1, { pow($0, 0.2) }),
    ]
    for (a, b, distribution) in cases {
      let draws = draw { $0.beta(a, b) }
      #expect(distance(draws, from: distribution) < Self.bound, "Beta(\(a), \(b))")
    }
  }

  @Test func gammaNumbersFollowTheirDistribution() {
    let cases: [(Double, (Double) -> Double)] = [
      (1, { 1 - exp(-$0) }),
      (0.5, { erf($0.squareRoot()) }),
      (3, { 1 - exp(-$0) * (1 + $0 + $0 * $0 / 2) }),
    ]
    for (shape, distribution) in cases {
      let draws = draw { exp($0.logarithmOfGamma(shape: shape)) }
      #expect(distance(draws, from: distribution) < Self.bound, "Gamma(\(shape))")
    }
  }

  /// Where nearly every gamma number would be zero.
  @Test func tinyShapesGiveZerosAndOnes() {
    let draws = draw { $0.beta(0.001, 0.001) }
    #expect(draws.allSatisfy { (0...1).contains($0) })
    #expect(abs(draws.reduce(0, +) / Double(Self.count) - 0.5) < 0.03)
    #expect(draws.count { $0 > 0.001 && $0 < 0.999 } < Self.count / 50)
    let least = draw { $0.beta(.leastNonzeroMagnitude, .leastNonzeroMagnitude) }
    #expect(least.allSatisfy { (0...0.001).contains($0) || (0.999...1).contains($0) })
  }
}
