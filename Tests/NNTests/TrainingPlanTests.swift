import Tensor
import TestSupport
import Testing

@testable import NN

@Suite struct TrainingPlanTests {
  private static let smoothing = 0.1
  private static let (seed, step): (UInt64, Int) = (9, 17)

  /// Runs one batch forwards and backwards; the sum of its losses.
  private func lossAndGradients(_ plan: TrainingPlan, _ test: PlanCase, count: Int) -> Double {
    plan.input(count).assign(test.images(count))
    let logits = plan.forward(count, seed: Self.seed, step: Self.step)
    let loss = SoftmaxCrossEntropy(labelSmoothing: Self.smoothing, batch: count)
    let sum = loss(logits, labels: PlanCase.labels, on: plan.model.device).lossSum
    plan.backward(logits, seed: Self.seed, step: Self.step)
    return sum
  }

  @Test(arguments: PlanCase.all) func gradientsAreFiniteDifferencesOfTheLoss(test: PlanCase) throws
  {
    let model = try test.model()
    let count = PlanCase.batch
    let sum = lossAndGradients(TrainingPlan(model, batch: count), test, count: count)

    var reference = try test.reference(mode: .training)
    (reference.seed, reference.step) = (Self.seed, Self.step)
    let images = Reference(test.images(count))
    let weights =
      (model.parameters.map { ($0.name, $0.value) } + model.state.map { ($0.name, $0.value) })
      .reduce(into: [:]) { $0[$1.0] = Reference($1.1) }
    func loss(_ weights: [String: Reference]) -> Double {
      CrossEntropyReference(
        reference.run(images, weights).y, labels: PlanCase.labels, smoothing: Self.smoothing
      ).losses.reduce(0, +) / Double(count)
    }
    // Neither a float's error nor a step of the differences must cross a corner.
    try #require(reference.run(images, weights).margin > 2e-4)
    #expect(abs(sum / Double(count) / loss(weights) - 1) < 1e-6)
    for parameter in model.parameters {
      let expected = finiteDifferences(Reference(parameter.value)) { moved in
        loss(weights.merging([parameter.name: moved]) { $1 })
      }
      let distance = relativeDistance(parameter.gradient, expected)
      // Errors of all layers behind add up, and a normalization over few rows magnifies them.
      #expect(distance < 2e-5, "\(parameter.name)")
    }
  }

  @Test(arguments: PlanCase.all)
  func aSmallerBatchGivesTheSameAsAPlanMadeForIt(test: PlanCase) throws {
    let models = (try test.model(), try test.model())
    let large = TrainingPlan(models.0, batch: 6)
    _ = lossAndGradients(large, test, count: 6)
    // Running statistics moved; everything else must be as if nothing had been there.
    let small = TrainingPlan(models.1, batch: 3)
    #expect(lossAndGradients(large, test, count: 3) == lossAndGradients(small, test, count: 3))
    for (a, b) in zip(models.0.parameters, models.1.parameters) {
      #expect(bitMismatch(a.gradient, b.gradient) == nil, "\(a.name)")
    }
  }

  @Test func layersDoTheWorkOfThoseBehindThem() throws {
    let test = PlanCase.all[1]
    let model = try test.model()
    #expect(model.layers.map(\.name) == ["flatten1", "fc1", "bn1", "act1", "dropout1", "fc2"])
    #expect(
      model.chain.trainingSteps.map(\.layer.name) == ["flatten1", "fc1", "bn1", "dropout1", "fc2"])
    #expect(model.chain.inferenceSteps.map(\.layer.name) == ["flatten1", "fc1", "dropout1", "fc2"])
    let dense = try PlanCase.all[0].model()
    #expect(dense.chain.trainingSteps.map(\.layer.name) == ["flatten1", "fc1", "fc2"])
  }

  @Test func aStepChangesTheDropoutMaskAndTheSameStepDoesNot() throws {
    let test = PlanCase.all[1]
    let plan = TrainingPlan(try test.model(), batch: 4)
    func logits(step: Int) -> [Float] {
      plan.input(4).assign(test.images(4))
      return plan.forward(4, seed: 1, step: step).values
    }
    let first = logits(step: 0)
    #expect(logits(step: 0) == first)
    #expect(logits(step: 1) != first)
  }
}
