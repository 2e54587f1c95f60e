import Metrics
import Support

extension Verdict {
  /// Of contenders of which some are groups of seeds.
  init(ofGroups comparison: RunComparison) {
    switch comparison.contenders.count {
    case 1: self.init(ofGroup: comparison.contenders[0], in: comparison)
    case 2: self.init(comparison.contenderPairs[0], of: comparison)
    default: self.init(bestGroupOf: comparison)
    }
  }

  private init(ofGroup group: Contender, in comparison: RunComparison) {
    let estimate = MeanEstimate(comparison.values(of: .accuracy, for: group))
    let interval = comparison.interval95(of: .accuracy, for: group)
    self.init(
      headline: "\(group.name.shown): \(percent(estimate.mean)) in the mean of "
        + "\(group.runs.count) seeds",
      evidence: "standard deviation \(fixed(estimate.standardDeviation * 100, 2)) points; "
        + (interval.map {
          "95 % interval \(fixed($0.lower * 100, 2)) to \(percent($0.upper)), over seeds and images"
        } ?? "an interval needs at least \(CrossedEstimate.leastSeeds) seeds"),
      best: nil, isBeyondChance: false)
  }

  private init(_ pair: ContenderPair, of comparison: RunComparison) {
    let lead = Lead(pair)
    let contenders = comparison.contenders
    let isBeyond = pair.estimate.map { $0.probability < Significance.level }
    self.init(
      headline: lead.headline(
        contenders.map(\.name), isBeyondChance: isBeyond, mean: "in the mean"),
      evidence: pair.estimate.map { estimate in
        "95 % interval \(lead.interval) points, over "
          + "\(contenders[pair.first].runs.count) and \(contenders[pair.second].runs.count) seeds "
          + "and \(grouped(comparison.count)) images; Student's t with "
          + "\(fixed(estimate.degreesOfFreedom, 1)) degrees of freedom: "
          + Significance.text(estimate.probability)
      } ?? Self.tooFew([contenders[pair.first], contenders[pair.second]]),
      best: lead.difference == 0 ? nil : lead.winner, isBeyondChance: isBeyond ?? false)
  }

  /// `a has one seed: no verdict is possible, which needs 3 seeds`: what keeps those of too few from a
  /// verdict.
  private static func tooFew(_ contenders: [Contender]) -> String {
    let counts = contenders.filter { $0.runs.count < CrossedEstimate.leastSeeds }.map {
      "\($0.name.shown) has \($0.runs.count == 1 ? "one seed" : "\($0.runs.count) seeds")"
    }
    return "\(counts.asEnumeration): no verdict is possible, which needs "
      + "\(CrossedEstimate.leastSeeds) seeds\(counts.count > 1 ? " of each" : "")"
  }

  private init(bestGroupOf comparison: RunComparison) {
    let (ranking, contenders) = (comparison.contenderRanking, comparison.contenders)
    let pairs = comparison.contenderPairs.filter {
      $0.first == ranking[0] || $0.second == ranking[0]
    }
    func others(_ isAmong: (ContenderPair) -> Bool) -> [Contender] {
      pairs.filter(isAmong).map { contenders[$0.first == ranking[0] ? $0.second : $0.first] }
    }
    let rivals = others { ($0.correctedProbability ?? 0) >= Significance.level }
    let unjudged = others { $0.estimate == nil }
    let (best, next) = (contenders[ranking[0]], contenders[ranking[1]])
    let nextPair = pairs.first { $0.first == ranking[1] || $0.second == ranking[1] } ?? pairs[0]
    let lead = Lead(nextPair, for: ranking[0])
    let judged = comparison.contenderPairs.count { $0.estimate != nil }
    let evidence = nextPair.estimate.map {
      "95 % interval \(lead.interval) points, over seeds and images; Student's t with "
        + "\(fixed($0.degreesOfFreedom, 1)) degrees of freedom, with Holm's correction for "
        + "\(counted(judged, "pair")): \(Significance.text(nextPair.correctedProbability ?? 1))"
    }
    let reason = unjudged.isEmpty ? nil : Self.tooFew([best] + unjudged)
    self.init(
      headline: Self.headline(best, rivals: rivals, unjudged: unjudged, of: contenders.count),
      evidence: "\(next.name.shown), the next, is \(fixed(lead.difference * 100, 2)) points "
        + "behind: "
        + [evidence, reason].compactMap(\.self).joined(separator: "; "),
      best: ranking[0], isBeyondChance: rivals.isEmpty && unjudged.isEmpty)
  }

  /// How the best of several stands to the others.
  ///
  /// - Parameters:
  ///   - rivals: those that it is not ahead of by more than chance.
  ///   - unjudged: those of which that cannot be said.
  private static func headline(
    _ best: Contender, rivals: [Contender], unjudged: [Contender], of count: Int
  ) -> String {
    let name = best.name.shown
    let others = rivals.map(\.name.shown).asRivals(of: count - 1)
    let unknown = unjudged.map(\.name.shown).asRivals(of: count - 1)
    return switch (rivals.isEmpty, unjudged.isEmpty) {
    case (true, true): "\(name) is the best of \(count), by more than chance against each"
    case (false, true): "\(name) is ahead, but \(others) may be as good"
    case (false, false):
      "\(name) is ahead, but \(others) may be as good, and no verdict is possible on \(unknown)"
    case (true, false):
      unjudged.count == count - 1
        ? "\(name) is ahead in the mean, and whether by chance cannot be said"
        : "\(name) is ahead, but no verdict is possible on \(unknown)"
    }
  }
}

extension Lead {
  fileprivate init(_ pair: ContenderPair, for contender: Int? = nil) {
    self.init(
      pair.first, pair.second, by: pair.difference, interval95: pair.estimate?.interval95,
      for: contender)
  }
}
