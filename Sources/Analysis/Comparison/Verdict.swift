import Metrics
import Support

/// What a comparison comes to: which one is better, by how much, and whether that is more than chance.
public struct Verdict: Sendable {
  /// One sentence without its full stop.
  public let headline: String
  /// What it rests on, likewise.
  public let evidence: String
  /// The place among the contenders of the one that is ahead; `nil` where none is.
  public let best: Int?
  public let isBeyondChance: Bool

  /// Of two their pair decides: of runs their answers to the same images, of groups of seeds the
  /// variances of seeds and images. Of more the best is held against each of the others, with
  /// probabilities that are corrected for the number of pairs.
  public init(_ comparison: RunComparison) {
    if comparison.isGrouped {
      self.init(ofGroups: comparison)
    } else if comparison.runs.count == 2 {
      self.init(comparison.pairs[0], of: comparison)
    } else {
      self.init(bestOf: comparison)
    }
  }

  init(headline: String, evidence: String, best: Int?, isBeyondChance: Bool) {
    self.headline = headline
    self.evidence = evidence
    self.best = best
    self.isBeyondChance = isBeyondChance
  }

  private init(_ pair: RunPair, of comparison: RunComparison) {
    let lead = Lead(pair)
    let isBeyond = pair.outcomes.mcNemarProbability < Significance.level
    self.init(
      headline: lead.headline(comparison.runs.map(\.name), isBeyondChance: isBeyond),
      evidence: "95 % interval \(lead.interval) points (\(grouped(pair.bootstrap.draws)) paired "
        + "bootstrap draws); McNemar's exact test: "
        + Significance.text(pair.outcomes.mcNemarProbability),
      best: lead.difference == 0 ? nil : lead.winner, isBeyondChance: isBeyond)
  }

  private init(bestOf comparison: RunComparison) {
    let best = comparison.ranking[0]
    let leads = comparison.pairs.filter { $0.first == best || $0.second == best }
      .map { (lead: Lead($0, for: best), pair: $0) }
    let rivals = leads.filter { $0.pair.correctedProbability >= Significance.level }
      .map { comparison.shownName($0.lead.loser) }
    let name = comparison.shownName(best)
    let next = leads.first { $0.lead.loser == comparison.ranking[1] } ?? leads[0]
    self.init(
      headline: rivals.isEmpty
        ? "\(name) is the best of \(comparison.runs.count) runs, by more than chance against each"
        : "\(name) is ahead, but \(rivals.asRivals(of: leads.count)) may be as good",
      evidence: "\(comparison.shownName(next.lead.loser)), the next, is "
        + "\(fixed(next.lead.difference * 100, 2)) points behind: 95 % interval "
        + "\(next.lead.interval) points; McNemar's exact test, with Holm's correction for "
        + "\(comparison.pairs.count) pairs: \(Significance.text(next.pair.correctedProbability))",
      best: best, isBeyondChance: rivals.isEmpty)
  }
}

extension Lead {
  init(_ pair: RunPair, for run: Int? = nil) {
    self.init(
      pair.first, pair.second, by: pair.outcomes.accuracyDifference,
      interval95: pair.bootstrap.interval95, for: run)
  }
}

extension RunComparison {
  /// The places of the runs, the one that got the most images right first.
  public var ranking: [Int] {
    runs.indices.sorted {
      (-runs[$0].test.confusion.correctCount, $0) < (-runs[$1].test.confusion.correctCount, $1)
    }
  }

  fileprivate func shownName(_ index: Int) -> String { runs[index].name.shown }
}
