import Datasets
import Metrics
import NN
import Tensor
import Testing
import TrainingFixtures

@testable import Training

@Suite struct EvaluatorTests {
  private func model() throws -> Model {
    try Model(
      ModelDescription(
        name: "m",
        layers: [
          Conv2D(3, kernelSize: 5, stride: 3), BatchNorm(), Activation(.relu), Flatten(),
          Dropout(0.5), Dense(.classes),
        ]),
      inputShape: [28, 28, 1], classes: 10, on: Device(threads: 2))
  }

  private func evaluator(_ model: Model, batch: Int = 256) -> Evaluator {
    Evaluator(
      model, labels: ClassTable.digits.labels,
      normalization: Normalization(mean: 0.2, standardDeviation: 0.3), batch: batch)
  }

  @Test func theBatchSizeChangesNothing() throws {
    let images = Selection(try #require(TrainingFixtures.digits.test))
    let model = try model()
    let whole = evaluator(model).evaluate(images)
    for batch in [1, 7, 40] {
      let parts = evaluator(model, batch: batch).evaluate(images)
      #expect(parts.loss == whole.loss)
      #expect(parts.predictions == whole.predictions)
    }
  }

  @Test func resultsAreInTheSelectionsOrder() throws {
    let set = try #require(TrainingFixtures.digits.test)
    let evaluator = evaluator(try model())
    let whole = evaluator.evaluate(Selection(set)).predictions
    let some = evaluator.evaluate(Selection(set, indices: [30, 2, 7])).predictions
    #expect(some == [whole[30], whole[2], whole[7]])
    #expect(some.map(\.trueClass) == [30, 2, 7].map { set.labels[$0] })
  }

  @Test func weightsThatChangedAreUsed() throws {
    let images = Selection(try #require(TrainingFixtures.digits.test))
    let model = try model()
    let evaluator = evaluator(model)
    let before = evaluator.evaluate(images).loss
    model.state[0].value.fill(0.5)
    #expect(evaluator.evaluate(images).loss != before)
  }

  @Test func whatWasDoneBeforeAStopIsTheResult() throws {
    let images = Selection(try #require(TrainingFixtures.digits.test))
    var asked = 0
    let evaluation = evaluator(try model(), batch: 16).evaluate(images) {
      asked += 1
      return asked == 2
    }
    #expect(evaluation.count == 32)
  }
}
