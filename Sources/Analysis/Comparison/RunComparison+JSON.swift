import Configuration
import Metrics
import Support
import Training

extension RunComparison {
  /// The object of `emnist compare --json`.
  public var json: JSONObject {
    [
      "schema": 1, "dataset": .string(runs[0].test.dataset), "part": .string(runs[0].test.part),
      "count": .integer(count), "runs": .array(runs.map { .object($0.json) }),
      "differences": .array(differences.map(\.json)), "pairs": .array(pairs.map(json)),
      "verdict": .object(Verdict(self).json(of: self)),
      "left_out": .array(
        leftOut.map { ["run": .string($0.path), "reason": .string($0.text)] }),
    ]
  }

  private func json(_ pair: RunPair) -> JSONValue {
    var object: JSONObject = [
      "first": .string(runs[pair.first].record.run.path),
      "second": .string(runs[pair.second].record.run.path),
    ]
    for (key, value) in pair.outcomes.json { object[key] = value }
    object["accuracy_difference"] = .number(pair.outcomes.accuracyDifference)
    let interval = pair.bootstrap.interval95
    object["bootstrap"] = [
      "draws": .integer(pair.bootstrap.draws),
      "seed": ValueKind<UInt64>.seed.json(pair.bootstrap.seed),
      "interval95": [.number(interval.lower), .number(interval.upper)],
    ]
    object["mcnemar_p"] = .number(pair.outcomes.mcNemarProbability)
    object["mcnemar_p_corrected"] = .number(pair.correctedProbability)
    object["classes"] = .array(
      pair.classes.enumerated().map { index, outcomes in
        var row: JSONObject = ["index": .integer(index), "label": .string(labels[index])]
        for (key, value) in outcomes.json { row[key] = value }
        return .object(row)
      })
    object["images"] = .array(
      pair.images.map { image in
        [
          "index": .integer(image.index), "true": .string(labels[Int(image.trueClass)]),
          "first": .string(labels[Int(image.predictedClasses[0])]),
          "second": .string(labels[Int(image.predictedClasses[1])]),
        ]
      })
    return .object(object)
  }

  /// The contested images as CSV: `index,true` and a column a run of what it took them for.
  public var imagesCSV: String {
    let names = labels.map(csvField)
    let header = "index,true," + runs.map { csvField($0.name) }.joined(separator: ",") + "\n"
    return contested.reduce(into: header) { text, image in
      let classes = [image.trueClass] + image.predictedClasses
      text += "\(image.index),"
      text += classes.map { names[Int($0)] }.joined(separator: ",") + "\n"
    }
  }

  /// The runs as CSV, a row each: numbers, the options that differ, and how it does against the
  /// first run.
  public var csvText: String {
    var rows = [
      ["run", "dataset", "count", "accuracy", "accuracy_low", "accuracy_high"]
        + ["macro_precision", "macro_recall", "macro_f1", "loss", "top_3", "ece"]
        + ["parameters", "epochs", "best_epoch", "seconds"]
        + differences.map(\.name)
        + ["difference", "difference_low", "difference_high", "mcnemar_p"]
        + ["only_first_right", "only_this_right"]
    ]
    for (index, run) in runs.enumerated() {
      let options = differences.map { $0.values[index] ?? "" }
      rows.append(run.csvFields + options + csvFields(against: index))
    }
    return rows.map { $0.map(csvField).joined(separator: ",") + "\n" }.joined()
  }

  /// Empty for the first run itself, which comes in no pair as the second.
  private func csvFields(against index: Int) -> [String] {
    guard let pair = pairs.first(where: { $0.first == 0 && $0.second == index }) else {
      return [String](repeating: "", count: 6)
    }
    let (outcomes, interval) = (pair.outcomes, pair.bootstrap.interval95)
    return [
      "\(outcomes.accuracyDifference)", "\(interval.lower)", "\(interval.upper)",
      "\(outcomes.mcNemarProbability)", "\(outcomes.onlyFirstRight)",
      "\(outcomes.onlySecondRight)",
    ]
  }
}

extension ComparedRun {
  fileprivate var json: JSONObject {
    var object: JSONObject = [
      "run": .string(record.run.path), "name": .string(name),
      "model": record.model.map { .string($0.summary.name) } ?? .null,
      "accuracy": .number(test.accuracy),
      "interval95": [.number(test.interval95.lower), .number(test.interval95.upper)],
    ]
    let macro = test.confusion.macro
    object.set("macro_precision", number: macro.precision)
    object.set("macro_recall", number: macro.recall)
    object.set("macro_f1", number: test.macroF1)
    object.set("kappa", number: test.confusion.kappa)
    object.set("mcc", number: test.confusion.matthewsCorrelation)
    object.set("loss", number: test.loss)
    object.set("top_3", number: test.top3)
    object.set("ece", number: test.expectedCalibrationError)
    object.set("images_per_second", number: test.imagesPerSecond)
    object["parameters"] = record.model.map { .integer($0.summary.parameters) } ?? .null
    object["multiply_adds"] = record.model.map { .integer($0.summary.multiplyAdds) } ?? .null
    object["epochs_run"] = .integer(record.history.count)
    object["best_epoch"] = record.bestEpoch.map { .integer($0) } ?? .null
    object["seconds"] = .number(record.seconds)
    return object
  }

  fileprivate var csvFields: [String] {
    let (interval, macro) = (test.interval95, test.confusion.macro)
    let numbers = [
      test.accuracy, interval.lower, interval.upper, macro.precision, macro.recall, test.macroF1,
      test.loss, test.top3, test.expectedCalibrationError,
    ]
    return [record.run.path, test.dataset, "\(test.count)"]
      + numbers.map { $0.isFinite ? "\($0)" : "" }
      + [
        record.model.map { "\($0.summary.parameters)" } ?? "", "\(record.history.count)",
        record.bestEpoch.map(String.init) ?? "", fixed(record.seconds, 3),
      ]
  }
}

extension Verdict {
  fileprivate func json(of comparison: RunComparison) -> JSONObject {
    [
      "best": best.map { .string(comparison.runs[$0].record.run.path) } ?? .null,
      "beyond_chance": .bool(isBeyondChance), "headline": .string(headline),
      "evidence": .string(evidence),
    ]
  }
}

extension OptionDifference {
  fileprivate var json: JSONValue {
    ["option": .string(name), "values": .array(values.map { $0.map { .string($0) } ?? .null })]
  }
}

extension PairedOutcomes {
  fileprivate var json: JSONObject {
    [
      "both_right": .integer(bothRight), "only_first_right": .integer(onlyFirstRight),
      "only_second_right": .integer(onlySecondRight), "neither_right": .integer(neitherRight),
    ]
  }
}
