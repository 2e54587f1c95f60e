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
    let lead = GroupLead(pair)
    let contenders = comparison.contenders
    let (winner, loser) = (contenders[lead.winner], contenders[lead.loser])
    let points = "\(fixed(lead.difference * 100, 2)) percentage points"
    let (a, b) = (winner.name.shown, loser.name.shown)
    guard let estimate = pair.estimate else {
      self.init(
        headline: "\(a) is ahead of \(b) by \(points) in the mean, and whether by chance cannot be "
          + "said",
        evidence: Self.tooFew([contenders[pair.first], contenders[pair.second]]),
        best: lead.difference == 0 ? nil : lead.winner, isBeyondChance: false)
      return
    }
    let isBeyond = estimate.probability < Significance.level
    self.init(
      headline: lead.difference == 0
        ? "\(a) and \(b) got equally many images right in the mean"
        : isBeyond
          ? "\(a) is better than \(b) by \(points), which is more than chance"
          : "\(a) is ahead of \(b) by \(points), which may well be chance",
      evidence: "95 % interval \(lead.interval(estimate)) points, over "
        + "\(contenders[pair.first].runs.count) and \(contenders[pair.second].runs.count) seeds and "
        + "\(grouped(comparison.count)) images; Student's t with "
        + "\(fixed(estimate.degreesOfFreedom, 1)) degrees of freedom: "
        + Significance.text(estimate.probability),
      best: lead.difference == 0 ? nil : lead.winner, isBeyondChance: isBeyond)
  }

  /// `a has 1 training and b has 2: a comparison of seeds needs at least 3 of each`
  private static func tooFew(_ contenders: [Contender]) -> String {
    let counts = contenders.map { contender in
      let count = contender.runs.count
      return "\(contender.name.shown) has \(count) \(count == 1 ? "seed" : "seeds")"
    }
    return "\(counts.asEnumeration): how far chance in a training leads is known from "
      + "\(CrossedEstimate.leastSeeds) seeds of each on"
  }

  private init(bestGroupOf comparison: RunComparison) {
    let ranking = comparison.contenderRanking
    let contenders = comparison.contenders
    let pairs = comparison.contenderPairs.filter {
      $0.first == ranking[0] || $0.second == ranking[0]
    }
    let rivals = pairs.filter { ($0.correctedProbability ?? 1) >= Significance.level }
      .map { contenders[$0.first == ranking[0] ? $0.second : $0.first] }
    let name = contenders[ranking[0]].name.shown
    let next = pairs.first { $0.first == ranking[1] || $0.second == ranking[1] } ?? pairs[0]
    let lead = GroupLead(next, for: ranking[0])
    let behind =
      "\(contenders[ranking[1]].name.shown), the next, is "
      + "\(fixed(lead.difference * 100, 2)) points behind: "
    let judged = comparison.contenderPairs.count { $0.estimate != nil }
    self.init(
      headline: rivals.isEmpty
        ? "\(name) is the best of \(contenders.count), by more than chance against each"
        : "\(name) is ahead, but \(Self.listed(rivals, of: pairs.count)) may be as good",
      evidence: behind
        + (next.estimate.map {
          "95 % interval \(lead.interval($0)) points over seeds and images; Student's t with "
            + "\(fixed($0.degreesOfFreedom, 1)) degrees of freedom, with Holm's correction for "
            + "\(judged) pairs: \(Significance.text(next.correctedProbability ?? 1))"
        } ?? Self.tooFew([contenders[next.first], contenders[next.second]])),
      best: ranking[0], isBeyondChance: rivals.isEmpty)
  }

  private static func listed(_ rivals: [Contender], of count: Int) -> String {
    rivals.count < 4
      ? rivals.map(\.name.shown).asAlternatives : "\(rivals.count) of the \(count) others"
  }
}

/// A pair as seen from the contender that is ahead.
private struct GroupLead {
  let winner: Int
  let loser: Int
  /// At least 0.
  let difference: Double
  private let sign: Double

  init(_ pair: ContenderPair, for contender: Int? = nil) {
    let isSecond = contender.map { $0 == pair.second } ?? (pair.difference > 0)
    (winner, loser) = isSecond ? (pair.second, pair.first) : (pair.first, pair.second)
    sign = isSecond ? 1 : -1
    difference = isSecond ? pair.difference : 0 - pair.difference
  }

  /// `+0.12 to +0.98`, in points.
  func interval(_ estimate: CrossedEstimate) -> String {
    let bounds = [sign * estimate.interval95.lower, sign * estimate.interval95.upper].sorted()
    return "\(percentagePoints(bounds[0])) to \(percentagePoints(bounds[1]))"
  }
}
