import Tensor
import TestSupport
import Testing

@testable import NN

@Suite struct WeightAverageTests {
  private func model() throws -> Model {
    try Model(
      ModelDescription(
        name: "m", layers: [Flatten(), Dense(.count(4)), BatchNorm(), Dense(.classes)]),
      inputShape: [3, 3, 1], classes: 2, on: Device(threads: 1))
  }

  @Test func theAverageFollowsItsDefinition() throws {
    let model = try model()
    let tensors = model.parameters.map(\.value) + model.state.map(\.value)
    let average = WeightAverage(model, decay: 0.5)
    var expected = tensors.map { $0.values.map(Double.init) }
    for step in 0..<20 {
      for (index, tensor) in tensors.enumerated() {
        tensor.assign(.random(tensor.shape, seed: UInt64(10 * step + index)))
        // 1/10, 2/11, 3/12, …, 1/2 from step 8 on.
        let decay = min(0.5, Double(1 + step) / Double(10 + step))
        expected[index] = zip(expected[index], tensor.values).map {
          decay * $0 + (1 - decay) * Double($1)
        }
      }
      average.update(step: step, on: model.device)
    }
    let weights = tensors.map(\.values)
    let distances = average.whileInUse { zip(tensors, expected).map(relativeDistance) }
    #expect(distances.count == tensors.count && distances.allSatisfy { $0 < 1e-6 })
    #expect(tensors.map(\.values) == weights)
  }

  @Test func theWeightsComeBackAfterAnError() throws {
    struct Failure: Error {}
    let model = try model()
    let average = WeightAverage(model, decay: 0.9)
    model.parameters[0].value.fill(3)
    #expect(throws: Failure.self) {
      try average.whileInUse {
        #expect(model.parameters[0].value.values[0] != 3)
        throw Failure()
      }
    }
    #expect(model.parameters[0].value.values.allSatisfy { $0 == 3 })
  }
}
