import Analysis
import Datasets
import Support

/// Accuracy over the strength of each perturbation, a line a run.
public struct RobustnessChart: Sendable {
  private let robustness: Robustness

  public init(_ robustness: Robustness) { self.robustness = robustness }

  /// A chart for each perturbation, two beside each other.
  public var drawing: Drawing {
    let charts = robustness.runs[0].curves.indices.map(chart)
    let run = robustness.runs[0]
    return Drawing(
      title: "Accuracy on harder images: \(run.dataset), \(grouped(run.count)) images", charts,
      columns: 2)
  }

  private func chart(_ number: Int) -> Drawing {
    let kind = robustness.runs[0].curves[number].kind
    let series = zip(robustness.names, robustness.runs).map { name, run in
      let points = run.curves[number].points
      return CurveChart.Series(
        name, points.map { ($0.strength, $0.accuracy * 100) },
        bounds: points.map { ($0.interval95.lower * 100, $0.interval95.upper * 100) })
    }
    return CurveChart(
      kind.title, x: (kind.unit, kind == .shift), y: "accuracy (%)", series: series,
      within: 0...100,
      valueText: { fixed($0, 2) + " %" }
    ).drawing
  }
}

extension PerturbationKind {
  /// What is done to an image.
  var title: String {
    switch self {
    case .shift: "Shifted"
    case .rotate: "Rotated"
    case .scale: "Larger or smaller"
    case .noise: "With noise"
    case .thickness: "Thicker or thinner strokes"
    case .blur: "Blurred"
    }
  }
}
