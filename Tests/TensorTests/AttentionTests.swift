import Tensor
import TestSupport
import Testing

@Suite struct AttentionTests {
  /// Tokens around the width of a panel, heads of one number and of more than a vector.
  private static let geometries = [
    AttentionGeometry(tokens: 1, width: 4, heads: 2),
    AttentionGeometry(tokens: 5, width: 6, heads: 6),
    AttentionGeometry(tokens: 17, width: 16, heads: 1),
    AttentionGeometry(tokens: 33, width: 21, heads: 3),
    AttentionGeometry(tokens: 13, width: 40, heads: 2),
  ]

  @Test(arguments: geometries)
  func outputsAndGradientsMatchTheDefinition(g: AttentionGeometry) {
    let qkv = Tensor.random(g.projectedShape(3)).guarded
    let dO = Tensor.random(g.outputShape(3), seed: 2).guarded
    let expected = AttentionReference(Reference(qkv), heads: g.heads)
    // Sums of the products of a head and of the tokens, and of softmax as its own tests allow.
    let tolerance = Tolerance(
      roundings: Double(g.headWidth + 2 * g.tokens + 100), absolute: 1e-6)
    let results = [(expected.output, tolerance), (expected.gradient(Reference(dO)), tolerance)]
    expectEverywhere(results) { device, results in
      let weights = Tensor(zeros: g.weightShape(3))
      device.attention(qkv, g, weights: weights, into: results[0])
      device.attentionBackward(dO, qkv, g, weights: weights, into: results[1])
    }
  }

  @Test func weightsOfATokenAddUpToOne() {
    let g = AttentionGeometry(tokens: 9, width: 8, heads: 2)
    let (weights, o) = (Tensor(zeros: g.weightShape(2)), Tensor(zeros: g.outputShape(2)))
    Device(threads: 2).attention(
      .random(g.projectedShape(2), in: -5...5), g, weights: weights, into: o)
    for row in 0..<weights.count / 9 {
      #expect(abs(weights.values[9 * row..<9 * row + 9].reduce(0, +) - 1) < 1e-6)
    }
  }
}
