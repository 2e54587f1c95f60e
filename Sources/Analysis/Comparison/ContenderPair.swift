import Metrics

/// Two contenders of which at least one is a group of seeds, held against each other by the variances
/// of seeds and images.
public struct ContenderPair: Sendable {
  /// The places of the two among the contenders.
  public let first: Int
  public let second: Int
  /// The second mean accuracy less the first one.
  public let difference: Double
  /// `nil` if one of the two has too few seeds for a judgement.
  public let estimate: CrossedEstimate?
  /// The estimate's, corrected for the number of pairs that have one.
  public internal(set) var correctedProbability: Double?

  /// Every two of a comparison's contenders.
  static func all(of comparison: RunComparison) -> [ContenderPair] {
    let contenders = comparison.contenders
    var pairs = contenders.indices.flatMap { first in
      contenders.indices.dropFirst(first + 1).map { second in
        ContenderPair(
          first: first, second: second,
          difference: comparison.value(of: .accuracy, for: contenders[second])
            - comparison.value(of: .accuracy, for: contenders[first]),
          estimate: comparison.estimate(
            of: .accuracy, from: contenders[first], to: contenders[second]))
      }
    }
    let judged = pairs.indices.filter { pairs[$0].estimate != nil }
    let corrected = Significance.corrected(judged.map { pairs[$0].estimate?.probability ?? 1 })
    for (index, probability) in zip(judged, corrected) {
      pairs[index].correctedProbability = probability
    }
    return pairs
  }
}
