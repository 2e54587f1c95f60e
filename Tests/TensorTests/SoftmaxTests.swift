import Foundation
import Tensor
import TestSupport
import Testing

@Suite struct SoftmaxTests {
  /// `exp(x − max)` is off by 4 roundings, 2^-22, and by one of `x − max`, which is at most 16
  /// here: 20. The sum of the row has as many, its additions, the reciprocal and the product.
  static let tolerance = Tolerance(roundings: 60)

  @Test(arguments: edgeCounts)
  func probabilitiesMatchTheDefinition(_ columns: Int) {
    for rows in [1, 3, 130] where rows < 100 || columns < 10 {
      let x = Tensor.random([rows, columns], in: -8...8).guarded
      expectEverywhere(softmaxReference(Reference(x)), within: Self.tolerance) { device, p in
        device.softmax(x, into: p)
      }
    }
  }

  @Test(arguments: edgeCounts.dropFirst(), [0, 0.1] as [Float])
  func lossAndGradientMatchTheDefinition(_ columns: Int, smoothing: Float) {
    let rows = columns < 10 ? 130 : 5
    let x = Tensor.random([rows, columns], in: -8...8).guarded
    let labels = (0..<rows).map { UInt16($0 * 7 % columns) }
    let expected = CrossEntropyReference(
      Reference(x), labels: labels, smoothing: Double(smoothing))
    var rowResults = Reference(zeros: [3, rows])
    for row in 0..<rows {
      // Differences of logits up to 16 and their sum, all rounded.
      rowResults.add(expected.losses[row], at: row)
      rowResults.magnitudes[row] += 16
      rowResults.add(expected.hits[row] ? 1 : 0, at: rows + row)
      // The part of the loss that is no logarithm.
      let logits = x.values[row * columns..<(row + 1) * columns].map(Double.init)
      let top = logits.max() ?? 0
      let distance = expected.losses[row] - log(logits.reduce(0) { $0 + exp($1 - top) })
      rowResults.add(distance, at: 2 * rows + row)
      rowResults.magnitudes[2 * rows + row] += 16
    }
    let columnSum = Tolerance.sum(of: columns + 8)
    expectEverywhere([(rowResults, columnSum), (expected.gradient, Self.tolerance)]) {
      let (lossSum, hits) = $0.softmaxCrossEntropy(
        x, labels: labels, smoothing: smoothing, rowResults: $1[0], gradient: $1[1])
      #expect(abs(lossSum / expected.losses.reduce(0, +) - 1) < 1e-5)
      #expect(hits == expected.hits.count { $0 })
    }
  }

  @Test func hugeLogitsNeitherOverflowNorLoseTheLoss() {
    let x = Tensor([1e30, 0, -1e30, 3e4, 3e4, 3e4], shape: [2, 3])
    for level in SIMDLevel.usable {
      let device = Device(level: level, threads: 1)
      let p = Tensor(zeros: [2, 3])
      device.softmax(x, into: p)
      #expect(p.values[0] == 1 && p.values[1] < 1e-37 && p.values[2] < 1e-37)
      #expect(p.values.dropFirst(3).allSatisfy { abs($0 - 1 / 3) < 1e-7 })
      let result = device.softmaxCrossEntropy(
        x, labels: [0, 2], rowResults: Tensor(zeros: [3, 2]), gradient: p)
      #expect(abs(result.lossSum - log(3)) < 1e-6)
      // In the second row all are equal, and the first counts.
      #expect(result.hits == 1)
    }
  }

  @Test func gradientMayReplaceTheLogits() {
    for level in SIMDLevel.usable {
      let device = Device(level: level, threads: 1)
      let (x, gradient) = (Tensor.random([3, 47]), Tensor(zeros: [3, 47]))
      let (p, results) = (x.copy(), Tensor(zeros: [3, 3]))
      _ = device.softmaxCrossEntropy(
        x, labels: [1, 2, 46], smoothing: 0.1, rowResults: results, gradient: gradient)
      _ = device.softmaxCrossEntropy(
        x, labels: [1, 2, 46], smoothing: 0.1, rowResults: results, gradient: x)
      #expect(bitMismatch(x, gradient) == nil)
      device.softmax(p, into: gradient)
      device.softmax(p, into: p)
      #expect(bitMismatch(p, gradient) == nil)
    }
  }

  @Test(arguments: [0, 5, 15, 16, 18])
  func whatIsNotANumberSpoilsItsRowOnly(_ place: Int) {
    for level in SIMDLevel.usable {
      let x = Tensor.random([2, 19])
      x[place] = .nan
      Device(level: level, threads: 1).softmax(x, into: x)
      #expect(x.values.prefix(19).allSatisfy { $0.isNaN })
      #expect(!x.values.suffix(19).contains { $0.isNaN })
    }
  }
}
