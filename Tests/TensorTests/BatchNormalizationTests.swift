import Tensor
import TestSupport
import Testing

@Suite struct BatchNormalizationTests {
  static let epsilon: Float = 1e-3

  private struct Batch {
    let x, dy, gamma, beta: Tensor
    let expected: BatchNormReference

    init(rows: Int, channels: Int, rectifying: Bool) {
      // Means far from zero, where the difference of squares would cancel.
      x = Tensor.random([rows, channels], seed: 1, in: 4...6).guarded
      dy = Tensor.random([rows, channels], seed: 2).guarded
      gamma = Tensor.random([channels], seed: 3, in: 0.5...2).guarded
      beta = Tensor.random([channels], seed: 4).guarded
      expected = BatchNormReference(
        Reference(x), gamma: Reference(gamma), beta: Reference(beta),
        epsilon: Double(BatchNormalizationTests.epsilon), rectifying: rectifying)
    }
  }

  /// Rows up to one below, at and above a chunk of 8192 floats; channels around a vector.
  @Test(
    arguments: [
      (1, 3), (2, 1), (5, 15), (17, 16), (6, 17), (40, 33), (511, 16), (512, 16), (513, 16),
      (1100, 15),
    ], [false, true])
  func matchesTheDefinition(_ size: (rows: Int, channels: Int), rectifying: Bool) {
    let batch = Batch(rows: size.rows, channels: size.channels, rectifying: rectifying)
    let (expected, rows) = (batch.expected, min(size.rows, 8192 / size.channels))
    let gradients = expected.gradients(batch.dy.reference)
    let sums = Tolerance.sum(of: rows + 8)
    // Scale and shift make terms of the size of mean / deviation, whose cancelling is not in the
    // magnitudes: at most about 40 here, each rounded twice.
    let outputs = Tolerance(roundings: Double(rows + 16), absolute: 80 * 0x1p-24)
    // So does the rounding of the mean, 5 · 2^-24, in each deviation from it.
    let coarse = Tolerance(roundings: Double(rows + 16), absolute: 5e-7 * Double(rows))
    expectEverywhere([
      (expected.mean, sums),
      (expected.variance, Tolerance(roundings: sums.roundings, absolute: 1e-9)),
      (expected.y, outputs), (gradients.x, outputs), (gradients.gamma, coarse),
      (gradients.beta, sums),
    ]) { device, results in
      let statistics = BatchStatistics(channels: size.channels)
      device.moments(batch.x, into: statistics)
      results[0].assign(statistics.mean)
      results[1].assign(statistics.variance)
      statistics.fold(gamma: batch.gamma, beta: batch.beta, epsilon: Self.epsilon)
      device.scaleShift(
        batch.x, scale: statistics.scale, shift: statistics.shift, rectifying: rectifying,
        into: results[2])
      device.batchNormBackward(
        batch.dy, batch.x, statistics, epsilon: Self.epsilon, rectifying: rectifying,
        gammaGradient: results[4], betaGradient: results[5], into: results[3])
    }
  }

  @Test func imagesAreNormalizedByChannel() {
    let x = Tensor.random([2, 3, 4, 5])
    let flat = x.reshaped([24, 5])
    let (images, rows) = (BatchStatistics(channels: 5), BatchStatistics(channels: 5))
    let device = Device(threads: 1)
    device.moments(x, into: images)
    device.moments(flat, into: rows)
    #expect(bitMismatch(images.mean, rows.mean) == nil)
    #expect(bitMismatch(images.variance, rows.variance) == nil)
  }

  @Test func gradientMayReplaceTheOutputsGradient() {
    for level in SIMDLevel.usable {
      let device = Device(level: level, threads: 2)
      let batch = Batch(rows: 30, channels: 19, rectifying: true)
      let statistics = BatchStatistics(channels: 19)
      device.moments(batch.x, into: statistics)
      statistics.fold(gamma: batch.gamma, beta: batch.beta, epsilon: Self.epsilon)
      let (dx, gamma, beta) = (
        Tensor(zeros: [30, 19]), Tensor(zeros: [19]), Tensor(zeros: [19])
      )
      for result in [dx, batch.dy] {
        device.batchNormBackward(
          batch.dy, batch.x, statistics, epsilon: Self.epsilon, rectifying: true,
          gammaGradient: gamma, betaGradient: beta, into: result)
      }
      #expect(bitMismatch(batch.dy, dx) == nil)
    }
  }

  @Test func whatIsNotANumberSpoilsItsChannelOnly() {
    for level in SIMDLevel.usable {
      let device = Device(level: level, threads: 1)
      let x = Tensor.random([10, 18])
      x[3 * 18 + 16] = .nan
      let statistics = BatchStatistics(channels: 18)
      device.moments(x, into: statistics)
      for values in [statistics.mean.values, statistics.variance.values] {
        #expect(values.indices.filter { values[$0].isNaN } == [16])
      }
    }
  }
}

extension Tensor {
  /// The exact values, for comparing.
  var reference: Reference { Reference(self) }
}
