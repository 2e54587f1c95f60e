import Analysis
import Support
import Training

/// Loss, accuracy and learning rate over the epochs: a colour a run, full lines for validation, dotted
/// ones for training.
struct ComparedCurves {
  let units: [PageUnit]
  /// What the several records of a unit are.
  var members = "seeds"

  /// Of so many, training and validation share a picture.
  private static let mostTogether = 3

  var pictures: [ReportPicture] {
    guard units.contains(where: { $0.records.contains { !$0.history.isEmpty } }) else { return [] }
    return curves(
      "accuracy", "Accuracy", y: "accuracy (%)", within: 0...100, digits: 2,
      validation: { $0.validationAccuracy.map { $0 * 100 } }, training: { $0.trainAccuracy * 100 })
      + curves(
        "loss", "Loss", y: "loss (nats)", mayBeLogarithmic: true, digits: 4,
        validation: \.validationLoss, training: \.trainLoss)
      + [learningRate]
  }

  private func curves(
    _ id: String, _ title: String, y: String, mayBeLogarithmic: Bool = false,
    within bounds: ClosedRange<Double>? = nil, digits: Int,
    validation: (EpochRecord) -> Double?, training: (EpochRecord) -> Double
  ) -> [ReportPicture] {
    let validated = units.map {
      CurveChart.Series("\($0.name), validation", $0.curve(validation), color: $0.color)
    }
    func chart(_ title: String, _ series: [CurveChart.Series]) -> Drawing {
      CurveChart(
        title, y: y, series: series.filter { !$0.points.isEmpty },
        mayBeLogarithmic: mayBeLogarithmic, within: bounds, valueText: { fixed($0, digits) }
      ).drawing
    }
    if units.count <= Self.mostTogether {
      let series = zip(units, validated).flatMap { unit, validated in
        [
          validated,
          CurveChart.Series(
            "\(unit.name), training", unit.curve(training), color: unit.color, accompanies: true),
        ]
      }
      return [
        ReportPicture(id, chart(title, series), caption: Self.note + means)
      ]
    }
    let trained = units.map {
      CurveChart.Series($0.name, $0.curve(training), color: $0.color)
    }
    let short = zip(units, validated).map {
      CurveChart.Series($0.name, $1.points, color: $0.color)
    }
    let hasValidation = short.contains { !$0.points.isEmpty }
    return
      (hasValidation
      ? [
        ReportPicture(
          id, chart("\(title), validation", short), caption: "On the validation part.\(means)")
      ]
      : [])
      + [
        ReportPicture(
          "\(id)-training", chart("\(title), training", trained), caption: Self.note + means)
      ]
  }

  private static let note =
    "Training is the mean over an epoch while the weights change, with dropout, augmented images and "
    + "smoothed labels where a run has them; validation goes without."

  private var means: String {
    units.contains { $0.records.count > 1 } ? " Of \(members) the mean is drawn." : ""
  }

  private var learningRate: ReportPicture {
    let series = units.map {
      CurveChart.Series($0.name, $0.curve(\.learningRate), color: $0.color)
    }
    return ReportPicture(
      "learning-rate",
      CurveChart(
        "Learning rate", y: "learning rate", series: series, valueText: { fixed($0, 6) }
      ).drawing, caption: "That of the last step of each epoch.")
  }
}
