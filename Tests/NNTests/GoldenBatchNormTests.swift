import Tensor
import TestSupport
import Testing

@testable import NN

/// 50 training steps with batch normalization against PyTorch's, by `Scripts/golden/batch_norm.py`.
@Suite struct GoldenBatchNormTests {
  private struct Golden: Decodable {
    let momentum, epsilon, rate: Double
    let inputs: [Float]
    let labels: [UInt16]
    let start: [String: [Double]]
    let cases: [Case]

    struct Case: Decodable {
      let frozen: Bool
      let losses: [Double]
      let end: [String: [Double]]
    }
  }

  @Test(arguments: [false, true])
  func fiftyStepsAreThoseOfPyTorch(frozen: Bool) throws {
    let golden: Golden = try goldenFile("batch_norm")
    let expected = try #require(golden.cases.first { $0.frozen == frozen })
    let model = try model(golden, frozen: frozen)
    let plan = TrainingPlan(model, batch: 8)
    let optimizer = OptimizerDescriptor.sgd.optimizer(for: model.parameters)
    let loss = SoftmaxCrossEntropy(batch: 8)
    let (inputs, labels) = (golden.inputs, golden.labels)
    #expect(expected.losses.count == 50)
    for (step, wanted) in expected.losses.enumerated() {
      let batch = step % 5
      plan.input(8).assign(
        Tensor(Array(inputs[batch * 48..<batch * 48 + 48]), shape: [8, 1, 6, 1]))
      let logits = plan.forward(8, seed: 0, step: step)
      let found =
        loss(logits, labels: Array(labels[batch * 8..<batch * 8 + 8]), on: model.device).lossSum / 8
      #expect(abs(found - wanted) < 1e-5 * wanted, "step \(step)")
      plan.backward(logits, seed: 0, step: step)
      optimizer.step(model.parameters, rate: golden.rate, on: model.device)
    }
    for (name, value) in tensors(of: model) {
      let wanted = try #require(expected.end[name])
      #expect(relativeDistance(value, transposed(wanted, name, value.shape)) < 1e-5, "\(name)")
    }
  }

  private func model(_ golden: Golden, frozen: Bool) throws -> Model {
    let description = ModelDescription(
      name: "m",
      layers: [
        Flatten(), Dense(.count(5), bias: false),
        BatchNorm(
          momentum: golden.momentum, epsilon: golden.epsilon,
          frozen: frozen), Activation(.tanh), Dense(.classes),
      ])
    let model = try Model(
      description, inputShape: [1, 6, 1], classes: 3, on: Device(threads: 1))
    for (name, value) in tensors(of: model) {
      let start = try #require(golden.start[name])
      let values = transposed(start, name, value.shape).map(Float.init)
      value.assign(Tensor(values, shape: value.shape))
    }
    return model
  }

  private func tensors(of model: Model) -> [(name: String, value: Tensor)] {
    model.parameters.map { ($0.name, $0.value) } + model.state.map { ($0.name, $0.value) }
  }

  /// PyTorch's `[out, in]` as `[in, out]`.
  private func transposed(_ values: [Double], _ name: String, _ shape: Shape) -> [Double] {
    guard shape.rank == 2 else { return values }
    return (0..<shape.count).map { values[$0 % shape[1] * shape[0] + $0 / shape[1]] }
  }
}
