import Metrics
import Support
import Training

extension RunComparison {
  /// An entry of `groups`: a contender with its means, and how far its seeds are apart.
  func json(_ contender: Contender) -> JSONObject {
    let seeds = contender.runs.map { place -> JSONValue in
      let seed = runs[place].record.options.first { $0.name == "seed" }?.value
      return seed.map { Int($0).map(JSONValue.integer) ?? .string($0) } ?? .null
    }
    var object: JSONObject = [
      "name": .string(contender.name),
      "runs": .array(contender.runs.map { .string(runs[$0].record.run.path) }),
      "seeds": .array(seeds),
    ]
    for score in TestScore.allCases {
      object[score.key] = .object(json(contender, score))
    }
    return object
  }

  private func json(_ contender: Contender, _ score: TestScore) -> JSONObject {
    let values = values(of: score, for: contender)
    let estimate = MeanEstimate(values)
    var object = JSONObject()
    object.set("mean", number: estimate.mean)
    object.set("standard_deviation", number: estimate.standardDeviation)
    object["interval95"] = interval95(of: score, for: contender).map(Self.json) ?? .null
    object["values"] = .array(values.map { $0.isFinite ? .number($0) : .null })
    return object
  }

  private static func json(_ interval: (lower: Double, upper: Double)) -> JSONValue {
    [.number(interval.lower), .number(interval.upper)]
  }

  /// An entry of `group_pairs`; of too few seeds all but the difference is `null`.
  func json(_ pair: ContenderPair) -> JSONObject {
    let estimate = pair.estimate
    func number(_ value: Double?) -> JSONValue {
      value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
    }
    return [
      "first": .string(contenders[pair.first].name),
      "second": .string(contenders[pair.second].name), "difference": .number(pair.difference),
      "interval95": estimate.map { Self.json($0.interval95) } ?? .null,
      "p": number(estimate?.probability), "p_corrected": number(pair.correctedProbability),
      "standard_error": number(estimate?.standardError),
      "degrees_of_freedom": number(estimate?.degreesOfFreedom),
      "seed_variance": number(estimate?.seedVariance),
      "image_variance": number(estimate?.imageVariance),
    ]
  }
}
