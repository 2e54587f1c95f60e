import Metrics
import Support

/// What is compared: a run, or several that differ by their seed alone.
public struct Contender: Sendable, Equatable {
  public let name: String
  /// The places of its runs among those compared.
  public let runs: [Int]

  public var isGroup: Bool { runs.count > 1 }
}

/// By how much one contender's score is above another's.
public struct ScoreDifference: Sendable {
  public let value: Double
  /// On other images, and of groups with other seeds; `nil` where there are too few seeds to say.
  public let interval95: (lower: Double, upper: Double)?
}

extension RunComparison {
  /// The matrices of a contender's runs, added up.
  public func confusion(of contender: Contender) -> ConfusionMatrix {
    var sum = ConfusionMatrix(labels: labels)
    for pair in contender.runs.flatMap({ runs[$0].test.confusion.pairs }) {
      sum[pair.trueClass, pair.predictedClass] += pair.count
    }
    return sum
  }

  /// What each of its runs came to.
  public func values(of score: TestScore, for contender: Contender) -> [Double] {
    contender.runs.map { runs[$0].test.confusion.value(of: score) }
  }

  /// Their mean.
  public func value(of score: TestScore, for contender: Contender) -> Double {
    let values = values(of: score, for: contender)
    return values.reduce(0, +) / Double(values.count)
  }

  /// What the score may be on other images, and of a group with other seeds; `nil` for a group of too
  /// few runs.
  public func interval95(
    of score: TestScore, for contender: Contender
  ) -> (lower: Double, upper: Double)? {
    guard contender.isGroup else {
      return runs[contender.runs[0]].test.confusion.interval95(of: score)
    }
    guard count > 1, contender.runs.count >= CrossedEstimate.leastSeeds else { return nil }
    let interval = CrossedEstimate(meanOf: group(contender, score)).interval95
    return (max(0, interval.lower), min(1, interval.upper))
  }

  /// The second contender's score less the first one's.
  public func difference(
    of score: TestScore, from first: Contender, to second: Contender
  ) -> ScoreDifference {
    let value = value(of: score, for: second) - value(of: score, for: first)
    if first.isGroup || second.isGroup {
      return ScoreDifference(
        value: value, interval95: estimate(of: score, from: first, to: second)?.interval95)
    }
    if score == .accuracy, let interval = bootstrap(first.runs[0], second.runs[0]) {
      return ScoreDifference(value: value, interval95: interval)
    }
    let (a, b) = (contributions(first.runs[0], score), contributions(second.runs[0], score))
    let squares = zip(a, b).reduce(0) { $0 + ($1.1 - $1.0 - value) * ($1.1 - $1.0 - value) }
    let error = (squares / Double(count) / Double(max(1, count - 1))).squareRoot()
    let margin = 1.959_963_984_540_054 * error
    return ScoreDifference(value: value, interval95: (value - margin, value + margin))
  }

  /// The same from the variances of seeds and images; `nil` if one of the two has too few seeds.
  public func estimate(
    of score: TestScore, from first: Contender, to second: Contender
  ) -> CrossedEstimate? {
    guard count > 1, min(first.runs.count, second.runs.count) >= CrossedEstimate.leastSeeds
    else { return nil }
    return CrossedEstimate(from: group(first, score), to: group(second, score))
  }

  /// The bootstrap's interval of a pair, whichever stands first.
  private func bootstrap(_ first: Int, _ second: Int) -> (lower: Double, upper: Double)? {
    if let pair = pair(first, second) { return pair.bootstrap.interval95 }
    return pair(second, first).map { pair in
      let interval = pair.bootstrap.interval95
      return (0 - interval.upper, 0 - interval.lower)
    }
  }

  private func group(_ contender: Contender, _ score: TestScore) -> SeedGroup {
    SeedGroup(contender.runs.map { contributions($0, score) })
  }

  /// What each image adds to a run's score.
  private func contributions(_ run: Int, _ score: TestScore) -> [Double] {
    let add = runs[run].test.confusion.contribution(to: score)
    return runs[run].predictions.map {
      add(Int($0.prediction.trueClass), Int($0.prediction.predictedClass))
    }
  }

  /// The contenders' places, the one with the highest accuracy first.
  public var contenderRanking: [Int] {
    let values = contenders.map { value(of: .accuracy, for: $0) }
    return values.indices.sorted { (-values[$0], $0) < (-values[$1], $1) }
  }

  /// The two to look at closely: both, or of more the two best, as they were named.
  public var closest: (first: Contender, second: Contender) {
    let places = contenderRanking.prefix(2).sorted()
    return (contenders[places[0]], contenders[places[places.count - 1]])
  }
}
