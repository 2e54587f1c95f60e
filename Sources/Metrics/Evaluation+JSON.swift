import Support

extension Evaluation {
  /// The object of `emnist eval --json` and of `evaluation.json`.
  ///
  /// Numbers that are not finite (a loss that diverged, anything without samples) are `null` with
  /// a reason beside them.
  ///
  /// - Parameters:
  ///   - run: the run directory; `nil` for weights that are no run's.
  ///   - part: which part of the data set they are.
  ///   - indices: the samples' places in their file, if not 0, 1, 2, ….
  ///   - seconds: how long the model took over the samples.
  ///   - includingMatrix: `false` leaves the matrix out, as `train --json` does.
  public func json(
    run: String?, checkpoint: String, dataset: String, part: String = "test",
    indices: [Int]? = nil, seconds: Double, includingMatrix: Bool = true
  ) -> JSONObject {
    var object: JSONObject = [
      "schema": 1, "run": run.map(JSONValue.string) ?? .null, "checkpoint": .string(checkpoint),
      "dataset": .string(dataset), "part": .string(part), "count": .integer(count),
    ]
    object.set("loss", number: loss)
    object.set("accuracy", number: accuracy)
    object["top_k"] = .object(topK)
    object["macro"] = confusion.macro.json
    object["weighted"] = confusion.weighted.json
    object["micro"] = confusion.micro.json
    object.set("kappa", number: confusion.kappa)
    object.set("mcc", number: confusion.matthewsCorrelation)
    object.set("ece", number: calibration.expectedError)
    object.set("mce", number: calibration.maximumError)
    object["reliability"] = .array(calibration.bins.map(\.json))
    object["confidence"] = confidenceObject.map { .object($0) }
    let interval = confusion.interval95
    object["interval95"] = [.number(interval.lower), .number(interval.upper)]
    object["classes"] = .array(classes)
    if includingMatrix {
      object["confusion"] = confusion.json
    }
    object["top_confusions"] = .array(topConfusions)
    object["first_predictions"] = .array(firstPredictions(indices))
    object.set("seconds", number: seconds)
    object.set("images_per_second", number: Double(count) / seconds)
    return object
  }

  /// What becomes of the result at the network's temperature, and if it rejects what scores below its
  /// threshold; `nil` if it has none.
  private var confidenceObject: JSONObject? {
    guard let confidence else { return nil }
    var object: JSONObject = ["temperature": .number(confidence.temperature.value)]
    object.set("ece", number: tempered.expectedError)
    object.set("mce", number: tempered.maximumError)
    object["threshold"] = .number(confidence.threshold)
    guard let selective else { return object }
    object["accepted"] = .number(selective.coverage)
    object.set("accepted_accuracy", number: selective.accuracy)
    object["mean_risk"] = .number(selective.meanRisk)
    return object
  }

  /// Coverage and risk by the score; `nil` if there is none.
  public var selective: SelectiveResult? {
    confidence.flatMap { SelectiveResult(predictions, threshold: $0.threshold) }
  }

  private var topK: JSONObject {
    var object = JSONObject()
    object.set("3", number: top3)
    object.set("5", number: top5)
    return object
  }

  private var classes: [JSONValue] {
    let supports = confusion.supports
    return confusion.classScores.enumerated().map { index, scores in
      [
        "index": .integer(index), "label": .string(labels[index]),
        "precision": .number(scores.precision), "recall": .number(scores.recall),
        "f1": .number(scores.f1), "support": .integer(supports[index]),
      ]
    }
  }

  /// The ten worst pairs, by their labels.
  private var topConfusions: [JSONValue] {
    confusion.topConfusions(10).map { pair in
      [
        "true": .string(labels[pair.trueClass]),
        "predicted": .string(labels[pair.predictedClass]), "count": .integer(pair.count),
        "share_of_true": .number(pair.shareOfTrue),
        "share_of_predicted": .number(pair.shareOfPredicted),
      ]
    }
  }

  private func firstPredictions(_ indices: [Int]?) -> [JSONValue] {
    predictions.prefix(Self.shownPredictions).enumerated().map { position, prediction in
      var object: JSONObject = [
        "index": .integer(indices?[position] ?? position),
        "true": .string(labels[Int(prediction.trueClass)]),
        "predicted": .string(labels[Int(prediction.predictedClass)]),
      ]
      object.set("probability", number: prediction.probability)
      return .object(object)
    }
  }

  /// The first predictions that stand beside their labels.
  public static let shownPredictions = 6
}

extension Calibration.Bin {
  fileprivate var json: JSONValue {
    [
      "lower": .number(lower), "upper": .number(upper), "count": .integer(count),
      "confidence": count == 0 ? .null : .number(confidence),
      "accuracy": count == 0 ? .null : .number(accuracy),
    ]
  }
}

extension Scores {
  fileprivate var json: JSONValue {
    ["precision": .number(precision), "recall": .number(recall), "f1": .number(f1)]
  }
}
