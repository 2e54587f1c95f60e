import Tensor
import TestSupport
import Testing

@testable import NN

@Suite struct InferencePlanTests {
  private func logits(_ plan: InferencePlan, _ test: PlanCase, count: Int) -> Tensor {
    plan.input(count).assign(test.images(count))
    return plan.run(count).copy()
  }

  @Test(arguments: PlanCase.all + PlanCase.biased) func foldedLogitsAreThoseOfTheDefinition(
    test: PlanCase
  ) throws {
    let model = try test.model()
    let plan = InferencePlan(model, batch: PlanCase.batch)
    plan.refresh()
    let weights =
      (model.parameters.map { ($0.name, $0.value) } + model.state.map { ($0.name, $0.value) })
      .reduce(into: [:]) { $0[$1.0] = Reference($1.1) }
    let expected = try test.reference(mode: .inference)
      .run(Reference(test.images(PlanCase.batch)), weights).y
    // A chain of a few layers, each with sums of some ten terms.
    #expect(relativeDistance(logits(plan, test, count: PlanCase.batch), expected.values) < 2e-6)
  }

  @Test(arguments: PlanCase.all + PlanCase.biased) func theSameAsLayerByLayerWithoutFolding(
    test: PlanCase
  ) throws {
    let model = try test.model()
    let pass = Pass(device: model.device, mode: .inference)
    var x = test.images(PlanCase.batch)
    for layer in model.layers {
      layer.prepare(batch: PlanCase.batch, pass)
      layer.refreshInference(folding: nil, on: model.device)
      let shape = layer.outputShape.batched(PlanCase.batch)
      let y = layer.outline.traits.keepsValues ? x.reshaped(shape) : Tensor(zeros: shape)
      layer.forward(x, into: y, pass)
      x = y
    }
    let plan = InferencePlan(try test.model(), batch: PlanCase.batch)
    plan.refresh()
    let found = logits(plan, test, count: PlanCase.batch)
    #expect(found.shape == x.shape)
    #expect(relativeDistance(found, x.values.map(Double.init)) < 2e-6)
  }

  @Test(arguments: PlanCase.all + PlanCase.biased) func aSmallerBatchAndASecondRunChangeNothing(
    test: PlanCase
  ) throws {
    let plan = InferencePlan(try test.model(), batch: 6)
    plan.refresh()
    let whole = logits(plan, test, count: 6)
    let images = plan.input(6).copy()
    #expect(bitMismatch(plan.run(6), whole) == nil)
    #expect(bitMismatch(plan.input(6), images) == nil)
    plan.input(2).assign(images.items(from: 4, count: 2))
    #expect(plan.run(2).values == whole.items(from: 4, count: 2).values)
  }

  @Test func foldingAgainTakesTheNewWeights() throws {
    let test = PlanCase.all[1]
    let model = try test.model()
    let plan = InferencePlan(model, batch: 4)
    plan.refresh()
    let before = logits(plan, test, count: 4)
    model.state[0].value.fill(0.9)
    plan.refresh()
    #expect(bitMismatch(logits(plan, test, count: 4), before) != nil)
  }

  /// Of a convolution by Winograd's algorithm, whose weights are four times as many at the points.
  @Test func wideWeightsThatAreNotKeptGiveTheSameBits() throws {
    let model = try Model(
      ModelDescription(
        name: "wide",
        layers: [
          Conv2D(16, kernelSize: 3, padding: 1), Activation(.relu),
          Conv2D(32, kernelSize: 3, padding: 1, bias: false), BatchNorm(), Activation(.relu),
          MaxPool(2), Flatten(), Dense(.classes),
        ]), inputShape: [8, 8, 1], classes: 5, seed: 2, on: Device(threads: 2))
    let images = Tensor.random([3, 8, 8, 1], seed: 7, in: -1...1)
    let plans = [true, false].map { InferencePlan(model, batch: 3, keepsWideWeights: $0) }
    func logits() -> [Tensor] {
      plans.map { plan in
        plan.refresh()
        plan.input(3).assign(images)
        let first = plan.run(3).copy()
        #expect(bitMismatch(plan.run(3), first) == nil)
        return first
      }
    }
    let before = logits()
    #expect(bitMismatch(before[0], before[1]) == nil)
    model.parameters[2].value.fill(0.25)
    let after = logits()
    #expect(bitMismatch(after[0], after[1]) == nil)
    #expect(bitMismatch(after[0], before[0]) != nil)
  }

  @Test func trainingUsesItsOwnWeightsBesideFoldedOnes() throws {
    let test = PlanCase.all[16]
    func trainedLogits(afterInference: Bool) throws -> Tensor {
      let model = try test.model()
      let training = TrainingPlan(model, batch: 4)
      if afterInference {
        let plan = InferencePlan(model, batch: 6)
        plan.refresh()
        _ = logits(plan, test, count: 6)
      }
      training.input(4).assign(test.images(4))
      return training.forward(4, seed: 0, step: 0)
    }
    #expect(
      bitMismatch(
        try trainedLogits(afterInference: true), try trainedLogits(afterInference: false)) == nil)
  }
}
