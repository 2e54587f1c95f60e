import Tensor
import TestSupport
import Testing

@testable import NN

@Suite struct DropoutTests {
  private let device = Device(threads: 2)

  private func output(
    rate: Double, index: Int = 0, mode: Pass.Mode = .training, seed: UInt64 = 0, step: Int = 0
  ) throws -> [Float] {
    let pass = Pass(device: device, mode: mode, seed: seed, step: step)
    let layer = try Dropout(rate).layer(for: LayerInput([1000], classes: 2), index: index)
    layer.prepare(batch: 4, pass)
    let x = Tensor(zeros: [4, 1000])
    x.fill(3)
    let y = Tensor(zeros: x.shape)
    layer.forward(x, into: y, pass)
    return y.values
  }

  @Test func valuesAreDroppedOrScaledSoThatTheMeanStays() throws {
    let y = try output(rate: 0.25)
    #expect(Set(y) == [0, 4])
    // 4000 draws: four standard deviations are 0.027.
    #expect(abs(Double(y.count { $0 == 0 }) / 4000 - 0.25) < 0.027)
  }

  @Test func theMaskDependsOnSeedStepAndLayerAlone() throws {
    let first = try output(rate: 0.5)
    #expect(try output(rate: 0.5) == first)
    #expect(try output(rate: 0.5, index: 1) != first)
    #expect(try output(rate: 0.5, seed: 1) != first)
    #expect(try output(rate: 0.5, step: 1) != first)
  }

  @Test func inferenceAndRateZeroDropNothing() throws {
    #expect(try Set(output(rate: 0.5, mode: .inference)) == [3])
    #expect(try Set(output(rate: 0)) == [3])
  }
}
