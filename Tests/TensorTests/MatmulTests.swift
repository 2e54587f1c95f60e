import Tensor
import TestSupport
import Testing

/// The extents of a product `[m, k] · [k, n]`.
struct ProductCase: CustomTestStringConvertible {
  let m, k, n: Int
  init(_ m: Int, _ k: Int, _ n: Int) { (self.m, self.k, self.n) = (m, k, n) }
  var testDescription: String { "[\(m), \(k)] · [\(k), \(n)]" }

  func a(transposed: Bool) -> Tensor { .random(transposed ? [k, m] : [m, k], seed: 1).guarded }
  func b(transposed: Bool) -> Tensor { .random(transposed ? [n, k] : [k, n], seed: 2).guarded }
}

@Suite struct MatmulTests {
  /// Rows around the tiles' edges (3, 4, 6, 8, 12 and twice 12).
  static let rowEdges = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 23, 24, 25]
  /// Columns around one, two and four vectors of 4, 8 and 16 floats.
  static let columnEdges = [1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 63, 64, 65]

  /// Every edge of rows meets four edges of columns, every edge of columns four of rows.
  static let edges = (0..<68).map { i in
    ProductCase(
      rowEdges[i % rowEdges.count], [1, 2, 7, 20][i % 4],
      columnEdges[(i + i / columnEdges.count) % columnEdges.count])
  }

  /// Products that are packed, cut into blocks for the cache, or dealt to many threads.
  static let large = [
    ProductCase(13, 256, 97), ProductCase(130, 5, 40), ProductCase(245, 3, 7),
    ProductCase(26, 40, 130), ProductCase(1, 300, 130), ProductCase(5, 0, 9),
  ]

  /// Products of which the first operand is read where it lies when it is transposed: chunks of rows
  /// and a rest, tiles and a rest, panels of one vector and of two, and part of one.
  static let longSums = [
    ProductCase(64, 128, 32), ProductCase(25, 300, 48), ProductCase(13, 257, 16),
    ProductCase(260, 130, 47),
  ]

  @Test(arguments: edges + large + longSums)
  func everyTranspositionMatchesTheDirectSum(_ size: ProductCase) {
    for (transposingA, transposingB) in [
      (false, false), (true, false), (false, true), (true, true),
    ] {
      let (a, b) = (size.a(transposed: transposingA), size.b(transposed: transposingB))
      let expected = matmulReference(
        Reference(a), Reference(b), transposingA: transposingA, transposingB: transposingB)
      expectEverywhere(
        expected, within: .sum(of: size.k), "transposing (\(transposingA), \(transposingB))"
      ) { device, c in
        device.matmul(a, b, transposingA: transposingA, transposingB: transposingB, into: c)
      }
    }
  }

  @Test(arguments: [ProductCase(7, 9, 5), ProductCase(13, 4, 33), ProductCase(25, 3, 16)])
  func sumsBeginWithTheBiasAndAreRectified(_ size: ProductCase) {
    let (a, b) = (size.a(transposed: false), size.b(transposed: false))
    let bias = Tensor.random([size.n], seed: 3).guarded
    for rectifying in [false, true] {
      let expected = matmulReference(
        Reference(a), Reference(b), bias: Reference(bias), rectifying: rectifying)
      expectEverywhere(expected, within: .sum(of: size.k + 1)) { device, c in
        device.matmul(a, b, bias: bias, rectifying: rectifying, into: c)
      }
    }
  }

  @Test(arguments: [
    ProductCase(7, 9, 5), ProductCase(13, 4, 33), ProductCase(12, 8, 64), longSums[1],
  ])
  func accumulatingAddsToWhatIsThere(_ size: ProductCase) {
    let (a, b) = (size.a(transposed: true), size.b(transposed: false))
    let before = Tensor.random([size.m, size.n], seed: 3)
    let expected = matmulReference(
      Reference(a), Reference(b), transposingA: true, addedTo: Reference(before))
    expectEverywhere(expected, within: .sum(of: size.k + 1)) { device, c in
      c.assign(before)
      device.matmul(a, b, transposingA: true, accumulating: true, into: c)
    }
  }

  @Test func leadingExtentsCountAsRows() {
    let a = Tensor.random([2, 3, 2, 5], seed: 1)
    let b = Tensor.random([5, 4], seed: 2)
    let expected = matmulReference(Reference(a), Reference(b))
    expectEverywhere(expected, within: .sum(of: 5)) { device, c in device.matmul(a, b, into: c) }
  }

  @Test func sumsRoundOnceWhereTheProcessorFuses() {
    // (1 + 2^-12)² − (1 + 2^-11) is 2^-24, which is lost when the square is rounded.
    let (x, bias) = (Tensor([1 + 0x1p-12], shape: [1, 1]), Tensor([-1 - 0x1p-11], shape: [1]))
    for level in SIMDLevel.usable {
      let c = Tensor(zeros: [1, 1])
      Device(level: level, threads: 1).matmul(x, x, bias: bias, into: c)
      #expect(c.values == [level.isFused ? 0x1p-24 : 0], "\(level)")
    }
  }

  @Test func aProductOfNothingIsNothing() {
    for (m, n) in [(0, 4), (2, 0), (0, 0)] {
      let (a, b) = (Tensor(zeros: [m, 3]), Tensor(zeros: [3, n]))
      // Nothing is there to be right, so what counts is that nothing is written.
      expectEverywhere(Reference(zeros: [m, n]), within: .exact) { device, c in
        device.matmul(a, b, into: c)
        device.matmul(a, b, bias: Tensor(zeros: [n]), rectifying: true, into: c)
      }
    }
    // A sum of no terms is zero, or the bias.
    let (a, b) = (Tensor(zeros: [2, 0]), Tensor(zeros: [0, 3]))
    let bias = Tensor([1, -2, 3], shape: [3])
    let plain = (Reference(zeros: [2, 3]), Tolerance.exact)
    let biased = (Reference([1, -2, 3, 1, -2, 3], shape: [2, 3]), Tolerance.exact)
    expectEverywhere([plain, biased]) { device, results in
      device.matmul(a, b, into: results[0])
      device.matmul(a, b, bias: bias, into: results[1])
    }
  }

  @Test func whatIsNotANumberReachesItsRowAndColumnOnly() {
    for level in SIMDLevel.usable {
      let device = Device(level: level, threads: 2)
      let (a, b) = (Tensor.random([14, 9], seed: 1), Tensor.random([9, 35], seed: 2))
      a[5 * 9 + 3] = .nan
      b[2 * 35 + 34] = .nan
      for rectifying in [false, true] {
        let c = Tensor(zeros: [14, 35])
        device.matmul(a, b, rectifying: rectifying, into: c)
        for (index, value) in c.values.enumerated() {
          #expect(value.isNaN == (index / 35 == 5 || index % 35 == 34), "\(level) at \(index)")
        }
      }
    }
  }
}
