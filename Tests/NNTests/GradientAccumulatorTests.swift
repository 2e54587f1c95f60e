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
        accumulator.add(images: 32, on: device)
      }
      accumulator.takeMean(on: device)
      let mean = group.reduce(0, +) / Float(group.count)
      #expect(parameter.gradient.values == [mean, mean, mean])
    }
  }

  /// 32 images of gradient 1 and 4 of gradient 10: the mean over 36.
  @Test func everyImageCountsAlike() {
    let parameter = Parameter(name: "w", shape: [1], decays: true)
    let accumulator = GradientAccumulator([parameter])
    for (images, value) in [(32, 1), (32, 1), (4, 10)] as [(Int, Float)] {
      parameter.gradient.fill(value)
      accumulator.add(images: images, on: device)
    }
    accumulator.takeMean(on: device)
    #expect(abs(parameter.gradient[0] - (64 + 40) / 68) < 1e-6)
  }
}
