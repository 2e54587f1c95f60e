import Analysis
import Metrics
import Support

/// Accuracy, precision, recall and F1 of everything that is compared, with intervals.
struct ComparedScores {
  let comparison: RunComparison

  /// So many stand in one picture; of more each score has a picture of its own.
  private static let mostInOne = 4

  var pictures: [ReportPicture] { [differences] + scores }

  // MARK: Differences

  /// Each score of the second of two less the first one's; of more, the accuracy of each less the
  /// best one's.
  private var differences: ReportPicture {
    comparison.contenders.count == 2 ? differenceOfTwo : differencesFromBest
  }

  private var differenceOfTwo: ReportPicture {
    let (first, second) = (comparison.contenders[0], comparison.contenders[1])
    let rows = TestScore.allCases.map { score in
      row(score.name, comparison.difference(of: score, from: first, to: second), color: 1)
    }
    return ReportPicture(
      "differences",
      WhiskerChart(
        "Which is better, and by how much", axis: "difference (percentage points)",
        groups: [WhiskerChart.Group("", rows)],
        reference: WhiskerChart.Reference(
          0, left: "← \(comparison.short(first)) better",
          right: "\(comparison.short(second)) better →")
      ).drawing,
      caption:
        "The lines are 95 % intervals of the differences\(sources). Where one keeps clear of "
        + "the dashed line, the difference is more than chance.")
  }

  private var differencesFromBest: ReportPicture {
    let ranking = comparison.contenderRanking
    let best = comparison.contenders[ranking[0]]
    let rows = ranking.dropFirst().map { place in
      let other = comparison.contenders[place]
      return row(
        comparison.short(other), comparison.difference(of: .accuracy, from: best, to: other),
        color: place)
    }
    return ReportPicture(
      "differences",
      WhiskerChart(
        "By how much the others are behind \(comparison.short(best))",
        axis: "accuracy less the best one’s (points)",
        groups: [WhiskerChart.Group("", rows)], reference: WhiskerChart.Reference(0)
      ).drawing,
      caption: "The lines are 95 % intervals of the differences\(sources); each stands for itself. "
        + "Where one keeps clear of the dashed line, the difference is more than chance.")
  }

  private func row(
    _ name: String, _ difference: ScoreDifference, color: Int
  ) -> WhiskerChart.Row {
    let points = percentagePoints(difference.value)
    let interval = difference.interval95.map {
      "95 % interval \(percentagePoints($0.lower)) to \(percentagePoints($0.upper))"
    }
    return WhiskerChart.Row(
      name, difference.value * 100,
      difference.interval95.map { ($0.lower * 100, $0.upper * 100) }, color: color, text: points,
      hover: "\(name): \(points) points, \(interval ?? "too few seeds for an interval")")
  }

  private var sources: String {
    comparison.contenders.contains(where: \.isGroup) ? ", over seeds and images" : ""
  }

  // MARK: Scores

  var scores: [ReportPicture] {
    if comparison.contenders.count <= Self.mostInOne {
      let order = Array(comparison.contenders.indices)
      let groups = TestScore.allCases.map { WhiskerChart.Group($0.name, rows(of: $0, in: order)) }
      return [picture("scores", "Scores of the test", groups)]
    }
    return TestScore.allCases.map { score in
      let group = WhiskerChart.Group("", rows(of: score, in: comparison.contenderRanking))
      let title = score.name.prefix(1).uppercased() + score.name.dropFirst()
      return picture("scores-\(score.rawValue)", title, [group], explains: score == .accuracy)
    }
  }

  private func picture(
    _ name: String, _ title: String, _ groups: [WhiskerChart.Group], explains: Bool = true
  ) -> ReportPicture {
    ReportPicture(
      name,
      WhiskerChart(title, axis: "score (%)", groups: groups, within: 0...100).drawing,
      caption: explains ? explanation : "")
  }

  private var explanation: String {
    let overlap =
      comparison.contenders.count == 1
      ? ""
      : " Two may overlap and yet differ by more than chance, since the images are the same."
    let kind =
      sources.isEmpty
      ? ": Wilson’s of accuracy, of the others by what each image adds to them."
      : "\(sources); rings are the seeds."
    return "The axis shows only what the scores cover. Lines are 95 % intervals\(kind)\(overlap)"
  }

  private func rows(of score: TestScore, in order: [Int]) -> [WhiskerChart.Row] {
    order.map { place in
      let contender = comparison.contenders[place]
      let value = comparison.value(of: score, for: contender)
      let interval = comparison.interval95(of: score, for: contender)
      let bounds = interval.map {
        "95 % interval \(fixed($0.lower * 100, 2)) to \(percent($0.upper))"
      }
      return WhiskerChart.Row(
        comparison.short(contender), value * 100, interval.map { ($0.lower * 100, $0.upper * 100) },
        parts: contender.isGroup
          ? comparison.values(of: score, for: contender).map { $0 * 100 } : [],
        color: place, text: percent(value),
        hover: "\(contender.name): \(score.name) \(percent(value)), "
          + (bounds ?? "too few seeds for an interval"))
    }
  }
}
