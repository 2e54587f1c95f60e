import Tensor
import TestSupport
import Testing

@testable import NN

@Suite struct BatchNormTests {
  private let device = Device(threads: 2)

  private func layer(_ description: BatchNorm, channels: Int) throws -> BatchNormLayer {
    BatchNormLayer(
      description, try description.outline(for: LayerInput([channels], classes: 2)),
      at: LayerPlace(name: "bn1", index: 0, initializer: .he, seed: 0))
  }

  private func train(_ layer: BatchNormLayer, on x: Tensor) -> Tensor {
    let y = Tensor(zeros: x.shape)
    layer.forward(x, into: y, Pass(device: device, mode: .training))
    return y
  }

  private func close(_ found: Tensor, _ wanted: [Double]) -> Bool {
    relativeDistance(found, wanted) < 1e-6
  }

  @Test func runningStatisticsAreThoseOfPyTorch() throws {
    // bn = torch.nn.BatchNorm1d(2, momentum=0.3); bn(x1); bn(x2); bn.running_mean, bn.running_var
    let layer = try layer(BatchNorm(momentum: 0.3), channels: 2)
    _ = train(layer, on: Tensor([1, 10, 2, -2, 6, 4], shape: [3, 2]))
    #expect(close(layer.runningMean, [0.9, 1.2]))
    #expect(close(layer.runningVariance, [2.8, 11.5]))
    _ = train(layer, on: Tensor([0, 1, 4, 3], shape: [2, 2]))
    #expect(close(layer.runningMean, [1.23, 1.44]))
    #expect(close(layer.runningVariance, [4.36, 8.65]))
  }

  @Test func aNewLayerNormalizesAndAddsNothing() throws {
    let layer = try layer(BatchNorm(epsilon: 0), channels: 1)
    #expect(layer.gamma.value.values == [1] && layer.beta.value.values == [0])
    #expect(layer.runningMean.values == [0] && layer.runningVariance.values == [1])
    #expect(close(train(layer, on: Tensor([1, 3], shape: [2, 1])), [-1, 1]))
  }

  @Test func aBatchOfOneRowLeavesTheRunningStatistics() throws {
    let layer = try layer(BatchNorm(), channels: 2)
    layer.beta.value.assign(Tensor([5, 6], shape: [2]))
    #expect(train(layer, on: Tensor([1, 2], shape: [1, 2])).values == [5, 6])
    #expect(layer.runningMean.values == [0, 0] && layer.runningVariance.values == [1, 1])
  }

  @Test func inferenceUsesTheRunningStatisticsAndLeavesThem() throws {
    let layer = try layer(BatchNorm(epsilon: 0), channels: 2)
    layer.runningMean.assign(Tensor([1, -1], shape: [2]))
    layer.runningVariance.assign(Tensor([4, 0.25], shape: [2]))
    let x = Tensor([3, 0, 1, -2], shape: [2, 2])
    let y = Tensor(zeros: x.shape)
    layer.refreshInference(folding: nil, on: device)
    layer.forward(x, into: y, Pass(device: device, mode: .inference))
    #expect(close(y, [1, 2, 0, -2]))
    #expect(layer.runningMean.values == [1, -1])
  }

  @Test func aFusedReLUChangesNothing() throws {
    func gradients(_ function: ActivationFunction) throws -> [Tensor] {
      let test = PlanCase(
        "normalized", [3, 3, 1], Flatten(), Dense(.count(5), bias: false), BatchNorm(),
        Activation(function), Dense(.count(4), bias: false), BatchNorm(), Activation(function),
        Dense(.classes))
      let model = try test.model(on: device)
      let plan = TrainingPlan(model, batch: 4)
      plan.input(4).assign(test.images(4))
      let logits = plan.forward(4, seed: 0, step: 0)
      plan.backward(logits, seed: 0, step: 0)
      return model.parameters.map(\.gradient) + [logits]
    }
    // A leaky ReLU is not fused, and a slope so small rounds away.
    for (a, b) in zip(try gradients(.relu), try gradients(.leakyReLU(slope: 1e-12))) {
      #expect(relativeDistance(a, b.values.map(Double.init)) < 1e-6)
    }
  }
}
