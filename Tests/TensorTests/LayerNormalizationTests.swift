import Tensor
import TestSupport
import Testing

@Suite struct LayerNormalizationTests {
  /// Sums along a row, a root and a quotient.
  private func tolerance(_ terms: Int) -> Tolerance { Tolerance(roundings: Double(terms + 40)) }

  @Test(arguments: edgeCounts.dropFirst(), [1, 3, 700])
  func outputsAndGradientsMatchTheDefinition(_ columns: Int, rows: Int) {
    // The reference takes a square of the columns for each row.
    guard rows < 100 || columns < 10 else { return }
    let x = Tensor.random([rows, columns]).guarded
    let dy = Tensor.random([rows, columns], seed: 2).guarded
    let gamma = Tensor.random([columns], seed: 3, in: 0.5...1.5).guarded
    let beta = Tensor.random([columns], seed: 4).guarded
    let expected = LayerNormReference(
      Reference(x), gamma: Reference(gamma), beta: Reference(beta), epsilon: 0.1)
    let gradients = expected.gradients(Reference(dy))
    let results = [
      (expected.y, tolerance(columns)), (gradients.x, tolerance(columns)),
      (gradients.gamma, tolerance(rows)), (gradients.beta, tolerance(rows)),
    ]
    expectEverywhere(results) { device, results in
      let statistics = Tensor(zeros: [rows, 2])
      device.layerNorm(
        x, gamma: gamma, beta: beta, epsilon: 0.1, statistics: statistics, into: results[0])
      device.layerNormBackward(
        dy, x, gamma: gamma, statistics: statistics, gammaGradient: results[2],
        betaGradient: results[3], into: results[1])
    }
  }

  @Test func theGradientMayReplaceThatOfTheOutput() {
    let device = Device(threads: 1)
    let (x, dy) = (Tensor.random([5, 19]), Tensor.random([5, 19], seed: 2))
    let (ones, sums) = (Tensor.random([19], seed: 3), Tensor(zeros: [2, 19]))
    let (y, statistics, dx) = (
      Tensor(zeros: [5, 19]), Tensor(zeros: [5, 2]), Tensor(zeros: [5, 19])
    )
    device.layerNorm(
      x, gamma: ones, beta: ones, epsilon: 1e-5, statistics: statistics, into: y)
    for target in [dx, dy] {
      device.layerNormBackward(
        dy, x, gamma: ones, statistics: statistics,
        gammaGradient: sums.items(from: 0, count: 1), betaGradient: sums.items(from: 1, count: 1),
        into: target)
    }
    #expect(bitMismatch(dy, dx) == nil)
  }
}
