import Configuration
import Metrics
import Support
import Training

extension FoldsComparison {
  /// The object of `emnist compare --json` of cross-validations.
  public var json: JSONObject {
    [
      "schema": 1, "dataset": members[0].dataset.map(JSONValue.string) ?? .null,
      "part": "folds", "count": .integer(imageCount), "fold_count": .integer(foldCount),
      "runs": .array(members.indices.map { .object(json(member: $0)) }),
      "differences": .array(differences.map(\.json)),
      "pairs": .array(pairs.map { .object(json($0)) }), "verdict": .object(verdictJSON),
      "left_out": .array(
        leftOut.map { ["run": .string($0.path), "reason": .string($0.text)] }),
    ]
  }

  private func json(member place: Int) -> JSONObject {
    let (member, accuracy) = (members[place], accuracy(place))
    let model = member.folds[0].record.model?.summary
    var object: JSONObject = [
      "run": .string(member.directory.path), "name": .string(names[place]),
      "model": model.map { .string($0.name) } ?? .null,
    ]
    object.set("accuracy", number: accuracy.mean)
    object.set("standard_deviation", number: accuracy.standardDeviation)
    object["interval95"] =
      accuracy.shareInterval95.map { [.number($0.lower), .number($0.upper)] } ?? .null
    object.set("loss", number: member.loss?.mean ?? .nan)
    object["folds"] = .array(member.folds.map { $0.accuracy.map(JSONValue.number) ?? .null })
    object["parameters"] = model.map { .integer($0.parameters) } ?? .null
    object["multiply_adds"] = model.map { .integer($0.multiplyAdds) } ?? .null
    object["seconds"] = .number(member.secondsOfAFold)
    return object
  }

  private func json(_ pair: FoldsPair) -> JSONObject {
    func number(_ value: Double?) -> JSONValue { value.map(JSONValue.number) ?? .null }
    return [
      "first": .string(members[pair.first].directory.path),
      "second": .string(members[pair.second].directory.path),
      "difference": .number(pair.difference),
      "interval95": pair.estimate.map {
        [.number($0.interval95.lower), .number($0.interval95.upper)]
      } ?? .null,
      "p": number(pair.probability), "p_corrected": number(pair.correctedProbability),
      "standard_error": number(pair.estimate?.standardError),
      "degrees_of_freedom": pair.estimate.map { .integer($0.degreesOfFreedom) } ?? .null,
      "folds": .array(pair.values.map(JSONValue.number)),
    ]
  }

  private var verdictJSON: JSONObject {
    let verdict = Verdict(self)
    return [
      "best": verdict.best.map { .string(members[$0].directory.path) } ?? .null,
      "beyond_chance": .bool(verdict.isBeyondChance), "headline": .string(verdict.headline),
      "evidence": .string(verdict.evidence),
    ]
  }

  /// A row each as CSV: means over the folds, the options that differ, and how it does against the
  /// first.
  public var csvText: String {
    func field(_ number: Double?) -> String { number.map { "\($0)" } ?? "" }
    var rows = [
      ["run", "dataset", "folds", "count", "accuracy", "accuracy_deviation", "accuracy_low"]
        + ["accuracy_high", "loss", "parameters", "seconds"] + differences.map(\.name)
        + ["difference", "difference_low", "difference_high", "p"]
    ]
    for (place, member) in members.enumerated() {
      let accuracy = accuracy(place)
      let pair = pairs.first { $0.first == 0 && $0.second == place }
      let interval = pair?.estimate?.interval95
      rows.append(
        [member.directory.path, member.dataset ?? "", "\(foldCount)", "\(imageCount)"]
          + [
            accuracy.mean, accuracy.standardDeviation, accuracy.shareInterval95?.lower,
            accuracy.shareInterval95?.upper, member.loss?.mean,
          ].map(field)
          + [
            member.folds[0].record.model.map { "\($0.summary.parameters)" } ?? "",
            fixed(member.secondsOfAFold, 3),
          ] + differences.map { $0.values[place] ?? "" }
          + [pair?.difference, interval?.lower, interval?.upper, pair?.probability].map(field))
    }
    return rows.map { $0.map(csvField).joined(separator: ",") + "\n" }.joined()
  }
}

extension FoldsRecord {
  /// How long the epochs of a fold took in the mean.
  public var secondsOfAFold: Double {
    folds.reduce(0) { $0 + $1.record.seconds } / Double(folds.count)
  }
}
