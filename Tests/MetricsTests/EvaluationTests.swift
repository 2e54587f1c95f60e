import Foundation
import Metrics
import Support
import Testing

@Suite struct EvaluationTests {
  private func evaluation(
    labels: [String], logits: [[Float]], targets: [UInt16]
  ) -> Evaluation {
    var evaluation = Evaluation(labels: labels)
    let scores = logits.flatMap(\.self)
    evaluation.add(logits: scores.span, targets: targets)
    return evaluation
  }

  private func labels(_ count: Int) -> [String] { (0..<count).map { "\($0)" } }

  /// softmax(0, log 3) = (1/4, 3/4).
  @Test func lossIsTheMeanNegativeLogProbability() {
    let evaluation = evaluation(
      labels: labels(2), logits: [[0, log(3)], [0, log(3)]], targets: [1, 0])
    #expect(abs(evaluation.loss - (log(4.0 / 3) + log(4.0)) / 2) < 1e-7)
    #expect(evaluation.accuracy == 0.5)
    #expect(abs(evaluation.predictions[0].probability - 0.75) < 1e-7)
    #expect(abs(evaluation.predictions[0].margin - 0.5) < 1e-7)
  }

  @Test func hugeLogitsDoNotOverflow() {
    let evaluation = evaluation(labels: labels(2), logits: [[1e30, -1e30]], targets: [0])
    #expect(evaluation.loss == 0)
    #expect(evaluation.predictions[0].probability == 1)
  }

  @Test func probabilitiesGiveTheSameNumbersAsTheirLogits() {
    let probabilities: [Float] = [0.5, 0.25, 0.25, 0.125, 0.75, 0.125]
    var fromProbabilities = Evaluation(labels: labels(3))
    fromProbabilities.add(probabilities: probabilities.span, targets: [1, 1])
    #expect(abs(fromProbabilities.loss - (log(4.0) + log(4.0 / 3)) / 2) < 1e-15)
    #expect(fromProbabilities.predictions.map(\.predictedClass) == [0, 1])
    #expect(fromProbabilities.predictions.map(\.margin) == [0.25, 0.625])
    #expect(fromProbabilities.top3 == 1)
  }

  @Test func tiesGoToTheLowerIndex() {
    let flat = [[Float]](repeating: [1, 1, 1, 1, 1, 1], count: 6)
    let evaluation = evaluation(labels: labels(6), logits: flat, targets: [0, 1, 2, 3, 4, 5])
    #expect(evaluation.predictions.map(\.predictedClass) == [0, 0, 0, 0, 0, 0])
    #expect(evaluation.accuracy == 1.0 / 6)
    #expect(evaluation.top3 == 3.0 / 6)
    #expect(evaluation.top5 == 5.0 / 6)
  }

  @Test func topKIsOneWithNoMoreClassesThanK() {
    let evaluation = evaluation(labels: labels(3), logits: [[3, 2, 1]], targets: [2])
    #expect(evaluation.accuracy == 0)
    #expect(evaluation.top3 == 1)
    #expect(evaluation.top5 == 1)
  }

  @Test func batchesAddUpToTheWhole() {
    let logits: [[Float]] = (0..<20).map { i in (0..<4).map { Float((i * 7 + $0 * 5) % 11) } }
    let targets = (0..<20).map { UInt16($0 % 4) }
    let whole = evaluation(labels: labels(4), logits: logits, targets: targets)
    var parts = Evaluation(labels: labels(4))
    for range in [0..<7, 7..<7, 7..<20] {
      let scores = logits[range].flatMap(\.self)
      parts.add(logits: scores.span, targets: Array(targets[range]))
    }
    #expect(parts.loss == whole.loss)
    #expect(parts.predictions == whole.predictions)
    #expect(parts.confusion == whole.confusion)
    #expect(parts.calibration == whole.calibration)
  }

  @Test func scoresOfNaNAreReportedWithAReason() {
    let evaluation = evaluation(
      labels: labels(3), logits: [[.nan, 1, .nan], [.nan, .nan, .nan]], targets: [1, 2])
    #expect(evaluation.predictions.map(\.predictedClass) == [1, 0])
    #expect(evaluation.loss.isNaN)
    let json = evaluation.json(run: "r", checkpoint: "c", dataset: "d", seconds: 1)
    #expect(json["loss"] == .null)
    #expect(json["loss_reason"] == "not a number")
    #expect(json["ece"] == .null)
    #expect(json["accuracy"] == 0.5)
  }

  @Test func noSamplesGiveNoNumbersAndNoTrap() {
    let json = Evaluation(labels: labels(2)).json(
      run: "r", checkpoint: "c", dataset: "d", seconds: 0)
    for key in ["loss", "accuracy", "ece", "mce", "images_per_second"] {
      #expect(json[key] == .null)
      #expect(json[key + "_reason"] == "not a number")
    }
    #expect(json["count"] == 0)
    #expect(json["interval95"] == [0.0, 1.0])
  }

  @Test func jsonHasTheDocumentedKeysInOrder() {
    let evaluation = evaluation(
      labels: ["a", "b"], logits: [[1, 0], [1, 0], [0, 1], [0, 1]], targets: [0, 1, 1, 1])
    let json = evaluation.json(
      run: "runs/cnn", checkpoint: "best.safetensors", dataset: "mnist", seconds: 2)
    #expect(
      json.keys == [
        "schema", "run", "checkpoint", "dataset", "part", "count", "loss", "accuracy", "top_k",
        "macro", "weighted", "micro", "kappa", "mcc", "ece", "mce", "reliability", "interval95",
        "classes", "confusion", "top_confusions", "first_predictions", "seconds",
        "images_per_second",
      ])
    #expect(json["part"] == "test")
    #expect(json["top_k"] == ["3": 1.0, "5": 1.0])
    #expect(json["confusion"] == [[1, 0], [1, 2]])
    #expect(
      json["top_confusions"] == [
        [
          "true": "b", "predicted": "a", "count": 1, "share_of_true": .number(1.0 / 3),
          "share_of_predicted": 0.5,
        ]
      ])
    #expect(json["first_predictions"]?.array?.count == 4)
    #expect(json["first_predictions"]?.array?[1]["predicted"] == "a")
    let bins = try? #require(json["reliability"]?.array)
    #expect(bins?.count == 15 && bins?[0]["accuracy"] == .null && bins?[10]["count"] == 4)
    #expect(json["micro"] == ["precision": 0.75, "recall": 0.75, "f1": 0.75])
    #expect(
      json["classes"]?.array?.first
        == [
          "index": 0, "label": "a", "precision": 0.5, "recall": 1.0, "f1": .number(2.0 / 3),
          "support": 1,
        ])
    #expect(json["images_per_second"] == 2.0)
    let short = evaluation.json(
      run: "r", checkpoint: "c", dataset: "d", seconds: 2, includingMatrix: false)
    #expect(short["confusion"] == nil)
    #expect(short.count == json.count - 1)
  }

  @Test func predictionsAreWrittenWithTheirIndices() {
    let predictions = [
      Prediction(trueClass: 4, predictedClass: 9, probability: 0.5, margin: 0.125),
      Prediction(trueClass: 1, predictedClass: 1, probability: 1, margin: 1),
    ]
    #expect(
      predictions.csvText()
        == "index,true,predicted,probability,margin\n0,4,9,0.5,0.125\n1,1,1,1.0,1.0\n")
    #expect(predictions.csvText(indices: [7, 3]).split(separator: "\n").last == "3,1,1,1.0,1.0")
  }
}
