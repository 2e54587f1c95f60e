import Metrics
import Support

/// Whether a model is right as often as it says: accuracy over confidence, bin by bin, and how many
/// predictions each bin has.
///
/// Alexandru Niculescu-Mizil and Rich Caruana, "Predicting Good Probabilities With Supervised
/// Learning", 2005; the bins are those of ``Calibration``.
public struct ReliabilityDiagram: Sendable {
  let calibration: Calibration

  let title: String

  public init(
    _ calibration: Calibration, title: String = "Reliability: is it right as often as it says?"
  ) {
    (self.calibration, self.title) = (calibration, title)
  }

  public var drawing: Drawing {
    let counts = countAxis
    let area = PlotArea(
      x: Axis("confidence (probability of the predicted class)", 0...1),
      y: Axis("accuracy (share that was right)", 0...1), width: ChartStyle.width, top: 66,
      height: 250,
      labelWidth: textWidth(counts.ticks(limit: 4).labels, size: ChartStyle.label))
    let histogram = histogram(counts, under: area)
    let body =
      Drawing.text(title, x: 8, y: 18, "title") + legend + area.markup
      + Drawing.line(area.point(0, 0), area.point(1, 1), "mark") + bins(in: area) + histogram.markup
    return Drawing(title: title, width: ChartStyle.width, height: histogram.bottom, body: body)
  }

  private var legend: Markup {
    let errors =
      "ECE \(fixed(calibration.expectedError, 4)), MCE \(fixed(calibration.maximumError, 4)), "
      + "\(Calibration.binCount) bins"
    let second = 8 + 20 + textWidth("accuracy", size: ChartStyle.label) + 18
    return Drawing.text(errors, x: 8, y: 36, "soft")
      + Drawing.rectangle(x: 8, y: 45, width: 14, height: 10, "f0")
      + Drawing.text("accuracy", x: 28, y: 54)
      + Drawing.rectangle(x: second, y: 45, width: 14, height: 10, "gap")
      + Drawing.text("distance to the mean confidence", x: second + 20, y: 54)
  }

  private func bins(in area: PlotArea) -> Markup {
    calibration.bins.filter { $0.count > 0 }.map { bin in
      let (left, right) = (area.point(bin.lower, 0).x, area.point(bin.upper, 0).x)
      let (accuracy, confidence) = (area.point(0, bin.accuracy).y, area.point(0, bin.confidence).y)
      // The lower of the two; the distance stands on it.
      let base = max(accuracy, confidence)
      return Drawing.rectangle(
        x: left + 1, y: base, width: right - left - 2, height: area.bottom - base, "f0",
        opacity: 0.75, hover: hover(bin))
        + Drawing.rectangle(
          x: left + 1.5, y: min(accuracy, confidence), width: right - left - 3,
          height: abs(accuracy - confidence), "gap", hover: hover(bin))
        + Drawing.line((left + 1, accuracy), (right - 1, accuracy), "level")
    }.joined()
  }

  private func hover(_ bin: Calibration.Bin) -> String {
    "confidence \(fixed(bin.lower, 3)) to \(fixed(bin.upper, 3)): \(grouped(bin.count)) "
      + "predictions, accuracy \(percent(bin.accuracy)), mean confidence "
      + percent(bin.confidence)
  }

  /// From 1 to the fullest bin, on a logarithmic scale.
  private var countAxis: Axis {
    let most = calibration.bins.map(\.count).max() ?? 0
    return Axis("images", covering: [1, Double(max(most, 51))], mayBeLogarithmic: true)
  }

  /// The number of predictions in each bin, on a logarithmic scale: most are sure.
  private func histogram(
    _ axis: Axis, under area: PlotArea
  ) -> (markup: Markup, bottom: Double) {
    let (top, height) = (area.bottom + 52, 60.0)
    var markup = Drawing.text(axis.title, x: 14, y: top + height / 2, "middle", rotated: true)
    let ticks = axis.ticks(limit: 4)
    for (value, label) in zip(ticks.values, ticks.labels) {
      let place = top + height * (1 - axis.position(value))
      markup += Drawing.line((area.left, place), (area.right, place), "grid")
      markup += Drawing.text(label, x: area.left - 6, y: place + 4, "soft end")
    }
    for bin in calibration.bins where bin.count > 0 {
      let (left, right) = (area.point(bin.lower, 0).x, area.point(bin.upper, 0).x)
      // One prediction is a line, not nothing.
      let bar = max(1.5, height * axis.position(Double(bin.count)))
      markup += Drawing.rectangle(
        x: left + 1, y: top + height - bar, width: right - left - 2, height: bar, "f2",
        hover: hover(bin))
    }
    markup += Drawing.line((area.left, top + height), (area.right, top + height), "frame")
    return (markup, top + height + 12)
  }
}
