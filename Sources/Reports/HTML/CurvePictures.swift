import Analysis
import Configuration
import Support
import Training

/// Loss, accuracy and learning rate over the epochs.
struct CurvePictures {
  let history: [EpochRecord]
  let bestEpoch: Int?
  let rule: BestEpochRule?
  private let handicaps: TrainingHandicaps?

  init(_ record: RunRecord) {
    history = record.history
    (bestEpoch, rule) = (record.bestEpoch, record.rule)
    handicaps = record.handicaps
  }

  var pictures: [ReportPicture] { history.isEmpty ? [] : [loss, accuracy, learningRate] }

  private var mark: CurveChart.Mark? {
    bestEpoch.map {
      CurveChart.Mark(x: Double($0), label: "\(rule?.epochName ?? "best epoch") \($0)")
    }
  }

  private func points(
    _ value: (EpochRecord) -> Double?
  ) -> [(x: Double, y: Double)] {
    history.compactMap { record in value(record).map { (Double(record.epoch), $0) } }
  }

  private func series(
    _ training: (EpochRecord) -> Double, _ validation: (EpochRecord) -> Double?
  ) -> [CurveChart.Series] {
    let validation = points(validation)
    return [CurveChart.Series("training", points(training))]
      + (validation.isEmpty ? [] : [CurveChart.Series("validation", validation)])
  }

  private var loss: ReportPicture {
    ReportPicture(
      "loss",
      CurveChart(
        "Loss", y: "loss (nats)", series: series(\.trainLoss, \.validationLoss), mark: mark,
        mayBeLogarithmic: true, valueText: { fixed($0, 4) }
      ).drawing,
      caption: lossCaption)
  }

  private var lossCaption: String {
    let mean = "Training is the mean over an epoch while the weights change"
    guard let names = handicaps?.names, !names.isEmpty else { return mean + "." }
    return mean + ", and includes \(names.asEnumeration); validation does not, so that it may lie "
      + "far below."
  }

  private var accuracy: ReportPicture {
    ReportPicture(
      "accuracy",
      CurveChart(
        "Accuracy", y: "accuracy (%)",
        series: series({ $0.trainAccuracy * 100 }, { $0.validationAccuracy.map { $0 * 100 } }),
        mark: mark, within: 0...100, valueText: { fixed($0, 2) + " %" }
      ).drawing,
      caption: history.contains { $0.validationAccuracy != nil }
        ? choice : "There was no validation part.")
  }

  /// How the epoch was chosen that is marked.
  private var choice: String {
    if rule == .last { return "The last epoch is kept, whatever validation says." }
    let reason = rule?.reason.map { " \($0)" } ?? ""
    return "The best epoch is chosen on the validation part\(reason), never on the test part."
  }

  private var learningRate: ReportPicture {
    let points = points(\.learningRate)
    return ReportPicture(
      "learning-rate",
      CurveChart(
        "Learning rate", y: "learning rate", series: [CurveChart.Series("learning rate", points)],
        mark: mark, valueText: { "\($0)" }
      ).drawing, caption: "That of the last step of each epoch.")
  }
}
