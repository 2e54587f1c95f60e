import Metrics
import Support

extension Verdict {
  /// Of two cross-validations their differences in each fold decide; of more the best is held against
  /// each of the others, with probabilities that are corrected for the number of pairs.
  public init(_ comparison: FoldsComparison) {
    if comparison.members.count == 2 {
      self.init(comparison.pairs[0], of: comparison)
    } else {
      self.init(bestOf: comparison)
    }
  }

  private init(_ pair: FoldsPair, of comparison: FoldsComparison) {
    let lead = Lead(pair)
    let isBeyond = pair.probability.map { $0 < Significance.level }
    self.init(
      headline: lead.headline(
        comparison.names, isBeyondChance: isBeyond,
        mean: "in the mean of \(comparison.foldCount) folds"),
      evidence: pair.probability.map {
        "95 % interval \(lead.interval) points, \(Self.basis(comparison)): \(Significance.text($0))"
      } ?? Self.tooFew,
      best: lead.difference == 0 ? nil : lead.winner, isBeyondChance: isBeyond ?? false)
  }

  private static let tooFew = "an interval needs at least \(FoldDifference.leastFolds) folds"

  /// What an interval is over, and by which test.
  private static func basis(_ comparison: FoldsComparison) -> String {
    "over \(comparison.foldCount) folds; corrected resampled t-test with "
      + "\(comparison.foldCount - 1) degrees of freedom"
  }

  private init(bestOf comparison: FoldsComparison) {
    let ranking = comparison.ranking
    let pairs = comparison.pairs.filter { $0.first == ranking[0] || $0.second == ranking[0] }
    let rivals = pairs.filter { ($0.correctedProbability ?? 1) >= Significance.level }
      .map { comparison.names[$0.first == ranking[0] ? $0.second : $0.first].shown }
    let next = pairs.first { $0.first == ranking[1] || $0.second == ranking[1] } ?? pairs[0]
    let lead = Lead(next, for: ranking[0])
    let name = comparison.names[ranking[0]].shown
    self.init(
      headline: rivals.isEmpty
        ? "\(name) is the best of \(ranking.count), by more than chance against each"
        : comparison.isJudged
          ? "\(name) is ahead, but \(rivals.asRivals(of: pairs.count)) may be as good"
          : "\(name) is ahead, and whether by chance cannot be said",
      evidence: "\(comparison.names[ranking[1]].shown), the next, is "
        + "\(fixed(lead.difference * 100, 2)) points behind: "
        + (next.correctedProbability.map {
          "95 % interval \(lead.interval) points, \(Self.basis(comparison)), with Holm's correction "
            + "for \(comparison.pairs.count) pairs: \(Significance.text($0))"
        } ?? Self.tooFew),
      best: ranking[0], isBeyondChance: rivals.isEmpty)
  }
}

extension Lead {
  fileprivate init(_ pair: FoldsPair, for member: Int? = nil) {
    self.init(
      pair.first, pair.second, by: pair.difference, interval95: pair.estimate?.interval95,
      for: member)
  }
}
