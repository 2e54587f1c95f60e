import Support

/// How far a network's answers are to be believed, fitted on images that it was not trained on: the
/// temperature that makes its probabilities as sure as they are right, and the score below which an
/// image is rejected as no character.
public struct Confidence: Equatable, Sendable {
  public let temperature: Temperature
  public let score: CharacterScore
  /// What scores lower is rejected.
  public let threshold: Double

  /// The share of characters that may be rejected. On other images it is not quite the same, so that
  /// this leaves some room below 3 %.
  public static let rejectedShare = 0.021
  /// Fewer characters tell no threshold.
  public static let leastCharacters = 50

  public init(temperature: Temperature, score: CharacterScore, threshold: Double) {
    (self.temperature, self.score, self.threshold) = (temperature, score, threshold)
  }

  /// The threshold that rejects a share of characters with these scores, at least one.
  public static func threshold(rejecting share: Double = rejectedShare, of scores: [Double])
    -> Double
  {
    scores.sorted()[Int(share * Double(scores.count))]
  }

  /// Whether an image with this score is a character. A score of NaN is none.
  public func accepts(_ score: Double) -> Bool { score >= threshold }
}

extension Confidence {
  public static let temperatureKey = "emnist.temperature"
  public static let thresholdKey = "emnist.threshold"
  public static let scoreKey = "emnist.score"

  /// The name of the score that the threshold is one of.
  private static let scoreName = "character evidence"

  /// As a checkpoint's metadata keep it.
  public var metadata: [(key: String, value: String)] {
    func numbers(_ values: [Double]) -> JSONValue { .array(values.map(JSONValue.number)) }
    let object: JSONObject = [
      "name": .string(Self.scoreName),
      "evidence": .array(
        CharacterEvidence.names.prefix(score.means.count).map(JSONValue.string)),
      "means": numbers(score.means), "deviations": numbers(score.deviations),
      "weights": numbers(score.weights),
    ]
    return [
      (Self.temperatureKey, "\(temperature.value)"), (Self.thresholdKey, "\(threshold)"),
      (Self.scoreKey, JSONValue.object(object).text()),
    ]
  }

  /// Reads what ``metadata`` wrote; `nil` for anything else.
  public init?(temperature: String, threshold: String, score: JSONValue) {
    func numbers(_ key: String) -> [Double] { score[key]?.array?.compactMap(\.double) ?? [] }
    guard let temperature = Double(temperature), (1e-3...1e3).contains(temperature),
      let threshold = Double(threshold), threshold.isFinite,
      score["name"]?.string == Self.scoreName,
      let score = CharacterScore(
        means: numbers("means"), deviations: numbers("deviations"), weights: numbers("weights"))
    else { return nil }
    self.init(temperature: Temperature(temperature), score: score, threshold: threshold)
  }
}
