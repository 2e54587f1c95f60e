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
      "groups": .array(isGrouped ? contenders.map { .object(json($0)) } : []),
      "group_pairs": .array(contenderPairs.map { .object(json($0)) }),
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
    object["scores"] = .object(scoreDifferences(pair))
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
}

extension RunComparison {
  /// By how much the second run's scores are above the first one's.
  private func scoreDifferences(_ pair: RunPair) -> JSONObject {
    let (first, second) = (
      Contender(name: "", runs: [pair.first]), Contender(name: "", runs: [pair.second])
    )
    return JSONObject(
      TestScore.allCases.map { score in
        let found = difference(of: score, from: first, to: second)
        let bounds = found.interval95.map {
          JSONValue.array([.number($0.lower), .number($0.upper)])
        }
        return (
          score.key, ["difference": .number(found.value), "interval95": bounds ?? .null]
        )
      })
  }
}

extension TestScore {
  /// What results call it.
  var key: String { self == .accuracy ? "accuracy" : "macro_\(rawValue)" }
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
    object["score_intervals95"] = .object(
      JSONObject(
        TestScore.allCases.map { score in
          let interval = test.confusion.interval95(of: score)
          return (score.key, [.number(interval.lower), .number(interval.upper)])
        }))
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
}

extension Verdict {
  fileprivate func json(of comparison: RunComparison) -> JSONObject {
    [
      "best": best.map { place in
        let contender = comparison.contenders[place]
        let run = comparison.runs[contender.runs[0]].record.run.path
        return .string(contender.isGroup ? contender.name : run)
      } ?? .null,
      "beyond_chance": .bool(isBeyondChance), "headline": .string(headline),
      "evidence": .string(evidence),
    ]
  }
}

extension OptionDifference {
  /// An entry of `differences`.
  var json: JSONValue {
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
