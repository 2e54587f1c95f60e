import Analysis
import Metrics
import Support

/// The accuracies of cross-validations in each fold, and by how much one is ahead of another there.
struct ComparedFolds {
  private let comparison: FoldsComparison
  /// As pictures have room for.
  private let names: [String]

  init(_ comparison: FoldsComparison) {
    self.comparison = comparison
    names = comparison.names.shortened(to: 15)
  }

  var pictures: [ReportPicture] {
    [comparison.members.count == 2 ? differenceOfTwo : differencesFromBest, accuracies]
  }

  // MARK: Differences

  private static let reading =
    "The line is the 95 % interval of the mean difference over the folds, wider than Student’s since "
    + "folds share training images (Nadeau and Bengio). Where it keeps clear of the dashed line, the "
    + "difference is more than chance."

  private static let tooFew =
    "An interval of the mean difference needs \(MeanEstimate.leastForInterval) folds."

  private var differenceOfTwo: ReportPicture {
    let pair = comparison.pairs[0]
    let each = pair.values.enumerated().map { fold, value in
      row("fold \(fold + 1)", value, nil, color: 1)
    }
    return ReportPicture(
      "differences",
      WhiskerChart(
        "Which is better, and by how much", axis: "difference of accuracy (percentage points)",
        groups: [
          WhiskerChart.Group("", [row("mean", pair.difference, pair.estimate, color: 1)]),
          WhiskerChart.Group("each fold", each),
        ],
        reference: WhiskerChart.Reference(
          0, left: "← \(names[0]) better", right: "\(names[1]) better →")
      ).drawing, caption: pair.estimate == nil ? Self.tooFew : Self.reading)
  }

  private var differencesFromBest: ReportPicture {
    let ranking = comparison.ranking
    let rows = ranking.dropFirst().compactMap { place -> WhiskerChart.Row? in
      let pair = comparison.pairs.first {
        [$0.first, $0.second].sorted() == [ranking[0], place].sorted()
      }
      guard let pair else { return nil }
      // As seen from the best, whichever of the two was named first.
      let sign = pair.first == ranking[0] ? 1.0 : -1
      return row(
        names[place], sign * pair.difference, pair.estimate, sign: sign,
        parts: pair.values.map { sign * $0 * 100 }, color: place)
    }
    return ReportPicture(
      "differences",
      WhiskerChart(
        "By how much the others are behind \(names[ranking[0]])",
        axis: "accuracy less the best one’s (points)", groups: [WhiskerChart.Group("", rows)],
        reference: WhiskerChart.Reference(0)
      ).drawing, caption: Self.reading + " Rings are the folds; each line stands for itself.")
  }

  private func row(
    _ name: String, _ value: Double, _ estimate: FoldDifference?, sign: Double = 1,
    parts: [Double] = [], color: Int
  ) -> WhiskerChart.Row {
    let bounds = estimate.map {
      [sign * $0.interval95.lower, sign * $0.interval95.upper].sorted()
    }
    let interval = bounds.map {
      ", 95 % interval \(percentagePoints($0[0])) to \(percentagePoints($0[1]))"
    }
    return WhiskerChart.Row(
      name, value * 100, bounds.map { ($0[0] * 100, $0[1] * 100) }, parts: parts, color: color,
      text: percentagePoints(value),
      hover: "\(name): \(percentagePoints(value)) points\(interval ?? "")")
  }

  // MARK: Accuracies

  private var accuracies: ReportPicture {
    let order = comparison.members.count > 2 ? comparison.ranking : [0, 1]
    let rows = order.map { place in
      let accuracy = comparison.accuracy(place)
      return WhiskerChart.Row(
        names[place], accuracy.mean * 100,
        accuracy.shareInterval95.map { ($0.lower * 100, $0.upper * 100) },
        parts: comparison.members[place].folds.map { ($0.accuracy ?? .nan) * 100 }, color: place,
        text: percent(accuracy.mean),
        hover: "\(comparison.names[place]): \(percent(accuracy.mean))")
    }
    return ReportPicture(
      "accuracy-of-folds",
      WhiskerChart(
        "Validation accuracy", axis: "accuracy (%)", groups: [WhiskerChart.Group("", rows)],
        within: 0...100
      ).drawing,
      caption: "Rings are the folds, lines 95 % intervals of the means over the folds. Two may "
        + "overlap and yet differ by more than chance, since the folds are the same.")
  }

  // MARK: Tables

  /// The accuracy in each fold, of two with the difference.
  var table: PageTable {
    let pair = comparison.members.count == 2 ? comparison.pairs[0] : nil
    var table = PageTable(
      "Accuracy in each fold, at the best epoch",
      [("fold", .text), ("images", .number)] + comparison.names.map { ($0, .number) }
        + (pair == nil ? [] : [("points", .number)]))
    for fold in 0..<comparison.foldCount {
      let folds = comparison.members.map { $0.folds[fold] }
      table.add(
        [folds[0].name, folds[0].images.map(grouped) ?? "–"]
          + folds.map { $0.accuracy.map { percent($0) } ?? "–" }
          + (pair.map { [percentagePoints($0.values[fold])] } ?? []))
    }
    let means = comparison.members.indices.map(comparison.accuracy)
    table.add(
      ["mean", ""] + means.map { percent($0.mean) }
        + (pair.map { [percentagePoints($0.difference)] } ?? []), "total")
    table.add(
      ["standard deviation", ""] + means.map { percent($0.standardDeviation) }
        + (pair.map { [fixed(MeanEstimate($0.values).standardDeviation * 100, 2)] } ?? []))
    return table
  }

  /// Every two, if there are more than two.
  var pairs: PageTable? {
    guard comparison.members.count > 2 else { return nil }
    var table = PageTable(
      "Every two on the same folds, by the corrected resampled t-test",
      [
        ("folds of", .text), ("against", .text), ("points", .number), ("95 % interval", .number),
        ("p", .number), ("corrected for \(comparison.pairs.count) pairs", .number),
      ])
    func text(_ p: Double?) -> String {
      p.map { $0 < 0.0001 ? "below 0.0001" : fixed($0, 4) } ?? "–"
    }
    for pair in comparison.pairs {
      table.add([
        comparison.names[pair.second], comparison.names[pair.first],
        percentagePoints(pair.difference),
        pair.estimate.map {
          "\(percentagePoints($0.interval95.lower)) to \(percentagePoints($0.interval95.upper))"
        } ?? "too few folds", text(pair.probability), text(pair.correctedProbability),
      ])
    }
    return table
  }
}
