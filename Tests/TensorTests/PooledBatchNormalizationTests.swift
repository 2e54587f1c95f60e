import Tensor
import TestSupport
import Testing

@Suite struct PooledBatchNormalizationTests {
  private static let epsilon: Float = 1e-3

  /// Images `[N, H, W, C]`: channels around a vector; pairs of rows below and above a chunk of
  /// 8192 floats.
  static let shapes: [Shape] = [
    [1, 2, 2, 1], [2, 4, 6, 3], [1, 4, 4, 16], [3, 6, 4, 17], [5, 2, 8, 48], [3, 10, 28, 32],
  ]

  @Test(arguments: shapes) func matchesTheDefinition(_ shape: Shape) {
    let channels = shape[3]
    let rows = shape.count / channels
    let x = Tensor.random(shape, seed: 1, in: -1...3)
    let (gamma, beta) = (
      Tensor.random([channels], seed: 3, in: -2...2), Tensor.random([channels], seed: 4)
    )
    let pooling = PoolingGeometry(
      height: shape[1], width: shape[2], channels: channels, size: 2, stride: 2)
    let dy = Tensor.random(pooling.outputShape(shape[0]), seed: 2)
    let flat: Shape = [rows, channels]
    let norm = BatchNormReference(
      Reference(x.reshaped(flat)), gamma: Reference(gamma), beta: Reference(beta),
      epsilon: Double(Self.epsilon), rectifying: true)
    let (y, chosen) = maxPoolReference(Reference(norm.y.values, shape: shape), pooling)
    let choices = zip(chosen, y.values).map { $1 > 0 ? $0 : 4 }
    let kept = zip(dy.values, choices).map { $1 == 4 ? 0 : Double($0) }
    let spread = maxPoolGradientReference(
      Reference(kept, shape: dy.shape), choices: choices.map { $0 == 4 ? 0 : $0 }, pooling)
    let gradients = norm.gradients(Reference(spread.values, shape: flat))

    let close = Tolerance(roundings: Double(rows + 16), absolute: 80 * 0x1p-24)
    let coarse = Tolerance(roundings: Double(rows + 16), absolute: 5e-7 * Double(rows))
    expectEverywhere([
      (y, close), (Reference(gradients.x.values, shape: shape), close),
      (gradients.gamma, coarse), (gradients.beta, close),
    ]) { device, results in
      let statistics = BatchStatistics(channels: channels)
      device.moments(x, into: statistics)
      statistics.fold(gamma: gamma, beta: beta, epsilon: Self.epsilon)
      let saved = Bytes(count: dy.count)
      device.scaleShiftMaxPool(
        x.guarded, scale: statistics.scale, shift: statistics.shift, choices: saved,
        into: results[0])
      #expect(saved.values == choices)
      device.batchNormMaxPoolBackward(
        dy.guarded, choices: saved, x.guarded, statistics, epsilon: Self.epsilon,
        gammaGradient: results[2], betaGradient: results[3], into: results[1])
    }
  }
}
