import Tensor
import TestSupport
import Testing

@Suite struct AttentionTests {
  /// Tokens around the width of a panel, heads of one number, of a vector and of more; sums that are
  /// longer than a chain.
  private static let geometries = [
    AttentionGeometry(tokens: 1, width: 4, heads: 2),
    AttentionGeometry(tokens: 5, width: 6, heads: 6),
    AttentionGeometry(tokens: 17, width: 16, heads: 1),
    AttentionGeometry(tokens: 33, width: 21, heads: 3),
    AttentionGeometry(tokens: 13, width: 40, heads: 2),
    AttentionGeometry(tokens: 70, width: 72, heads: 1),
    AttentionGeometry(tokens: 130, width: 32, heads: 1),
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
      device.attention(qkv, g, into: results[0])
      device.attentionBackward(dO, qkv, g, into: results[1])
    }
  }

  @Test func weightsOfATokenAddUpToOne() {
    let g = AttentionGeometry(tokens: 9, width: 8, heads: 2)
    let (qkv, o) = (Tensor.random(g.projectedShape(2), in: -5...5), Tensor(zeros: g.outputShape(2)))
    // Values of one: what comes out is the sum of the weights.
    for row in 0..<2 * g.tokens {
      for column in 2 * g.width..<3 * g.width { qkv[row * 3 * g.width + column] = 1 }
    }
    Device(threads: 2).attention(qkv, g, into: o)
    for value in o.values { #expect(abs(value - 1) < 1e-6) }
  }

  /// Scratch memory holds what the operation before left there: here numbers that are none.
  @Test func whatStandsBehindTheLastTokenDoesNotMatter() {
    let g = AttentionGeometry(tokens: 17, width: 10, heads: 2)
    let (qkv, dO) = (Tensor.random(g.projectedShape(3)), Tensor.random(g.outputShape(3), seed: 2))
    let results = [false, true].map { dirty in
      let device = Device(threads: 1)
      if dirty {
        let room = Tensor.random([400, 400])
        room.fill(.nan)
        device.matmul(room, room, into: room.copy())
      }
      let (o, gradient) = (Tensor(zeros: g.outputShape(3)), qkv.copy())
      device.attention(qkv, g, into: o)
      device.attentionBackward(dO, qkv, g, into: gradient)
      return o.values + gradient.values
    }
    #expect(results[0] == results[1])
  }
}
