import Tensor
import Testing

@testable import NN

@Suite struct GradientAccumulatorTests {
  private let device = Device(threads: 1)

  @Test func theMeanIsOverWhatWasAdded() {
    let parameter = Parameter(name: "w", shape: [3], decays: true)
    let accumulator = GradientAccumulator([parameter])
    for group in [[1, 2, 6], [5], [4, 0]] as [[Float]] {
      for value in group {
        parameter.gradient.fill(value)
        accumulator.add(on: device)
      }
      accumulator.takeMean(on: device)
      let mean = group.reduce(0, +) / Float(group.count)
      #expect(parameter.gradient.values == [mean, mean, mean])
    }
  }
}
