import Support
import Tensor
import TestSupport
import Testing

@testable import NN

@Suite struct DeterminismTests {
  /// Everything whose work is divided among threads, on a batch that is worth dividing.
  private static let test = PlanCase(
    "everything", [12, 12, 1], Conv2D(17, kernelSize: 3, padding: 1, bias: false), BatchNorm(),
    Activation(.relu), MaxPool(2),
    Residual([Conv2D(17, kernelSize: 1), Activation(.tanh)], dropPath: 0.25),
    Concatenate([Conv2D(3, kernelSize: 3, padding: 1)]),
    Conv2D(9, kernelSize: 3), Activation(.gelu), AvgPool(2),
    Flatten(), Dense(.count(33)), Activation(.tanh), Dropout(0.25), Dense(.classes))

  private static let winograd = PlanCase(
    "winograd", [14, 14, 1], Conv2D(32, kernelSize: 3, padding: 1), Activation(.relu),
    Conv2D(48, kernelSize: 3, padding: 1), Activation(.relu), MaxPool(2),
    Conv2D(32, kernelSize: 3), BatchNorm(), Activation(.relu), GlobalAvgPool(), Dense(.classes))

  private static let transformer = PlanCase(
    "transformer", [12, 12, 1], Patches(3), Dense(.count(20)), PositionalEmbedding(),
    Residual([LayerNorm(), Attention(heads: 2), SpatialDropout(0.25)]),
    Residual(
      [LayerNorm(), Dense(.count(33)), Activation(.gelu), Dense(.count(20))], dropPath: 0.1),
    GlobalAvgPool(), Dense(.classes))

  /// All weights and running statistics after twenty steps; a last batch is smaller.
  private func trained(
    _ test: PlanCase = test, level: SIMDLevel = .widest, threads: Int, seed: UInt64 = 1
  ) throws -> [Tensor] {
    let (count, steps) = (48, 20)
    let device = Device(level: level, threads: threads)
    let model = try Model(
      test.description, inputShape: test.inputShape, classes: PlanCase.classes,
      seed: seed, on: device)
    let plan = TrainingPlan(model, batch: count)
    let loss = SoftmaxCrossEntropy(labelSmoothing: 0.1, batch: count)
    let parameters = model.parameters
    let optimizer = OptimizerDescriptor.adam.optimizer(for: parameters, ["weight_decay": 1e-3])
    for step in 0..<steps {
      let items = step % 5 == 4 ? 7 : count
      plan.input(items).assign(
        .random(test.inputShape.batched(items), seed: UInt64(step)))
      let logits = plan.forward(items, seed: seed, step: step)
      _ = loss(logits, labels: (0..<items).map { UInt16($0 % 3) }, on: device)
      plan.backward(logits, seed: seed, step: step)
      optimizer.step(parameters, rate: 0.01, on: device)
    }
    return parameters.map(\.value) + model.state.map(\.value)
  }

  private func expectSameBits(_ a: [Tensor], _ b: [Tensor], _ what: String) {
    for (a, b) in zip(a, b) { #expect(bitMismatch(a, b) == nil, "\(what)") }
  }

  @Test func theNumberOfThreadsChangesNoBit() throws {
    for level in SIMDLevel.usable {
      for test in [Self.test, Self.winograd, Self.transformer] {
        let one = try trained(test, level: level, threads: 1)
        for threads in [2, 3, 8] {
          let many = try trained(test, level: level, threads: threads)
          expectSameBits(many, one, "\(level), \(threads) threads")
        }
      }
    }
  }

  @Test(.enabled(if: SIMDLevel.avx512.isUsable && SIMDLevel.avx2.isUsable, "needs both"))
  func avx2AndAVX512GiveTheSameBits() throws {
    for test in [Self.test, Self.winograd, Self.transformer] {
      expectSameBits(
        try trained(test, level: .avx512, threads: 2), try trained(test, level: .avx2, threads: 2),
        "levels")
    }
  }

  @Test func anotherSeedGivesOtherWeights() throws {
    let (a, b) = (try trained(threads: 2, seed: 1), try trained(threads: 2, seed: 2))
    for (a, b) in zip(a, b) { #expect(bitMismatch(a, b) != nil) }
  }
}
