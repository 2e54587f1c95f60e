import Metrics
import Support

/// How well each class is found, and whether probabilities mean what they say.
struct ClassPictures {
  let matrix: ConfusionMatrix
  let calibration: Calibration?

  /// The classes from the weakest, and their bars.
  var scores: ReportPicture {
    let scores = matrix.classScores
    let supports = matrix.supports
    let order = scores.indices.sorted { (scores[$0].f1, $0) < (scores[$1].f1, $1) }
    let bars = order.map { index in
      BarChart.Bar(
        matrix.labels[index], scores[index].f1,
        hover: "\(matrix.labels[index]): F1 \(fixed(scores[index].f1, 4)), "
          + "precision \(fixed(scores[index].precision, 4)), "
          + "recall \(fixed(scores[index].recall, 4)), \(grouped(supports[index])) images")
    }
    let macro = matrix.macro.f1
    return ReportPicture(
      "f1",
      BarChart(
        "F1 of each class", axis: "F1 (harmonic mean of precision and recall)", rows: "class",
        bars: bars, reference: (macro, "macro mean \(fixed(macro, 4))")
      ).drawing, caption: "The weakest classes come first.")
  }

  var reliability: ReportPicture? {
    calibration.map {
      ReportPicture(
        "reliability", ReliabilityDiagram($0).drawing,
        caption: "Bars under the dashed line: the model is too sure of itself; over it: too "
          + "modest. Below, on a logarithmic scale, how many predictions each bin has.")
    }
  }
}
