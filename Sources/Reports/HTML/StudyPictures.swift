import Configuration
import Search
import Studies
import Support

/// How a study went: its values over the trials, their curves, and what mattered.
struct StudyPictures {
  private let record: StudyRecord
  private let metric: StudyMetric

  init(_ record: StudyRecord) {
    self.record = record
    metric = StudyMetric(record)
  }

  /// Over the trials' numbers; `nil` before the first.
  var history: ReportPicture? {
    guard let last = record.trials.last?.number else { return nil }
    let points = record.trials.map { metric.point($0, x: Double($0.number)) }
    let best = bestSoFar
    let chart = TrialChart(
      title: "History", x: Axis("trial", 0...Double(max(1, last)), isWhole: true),
      y: metric.axis(covering: points.map(\.y)), points: points,
      steps: best, stepsName: "best so far")
    return ReportPicture(
      "history", chart.drawing,
      caption:
        "The best value of each trial; a trial that was pruned or still runs counts with the "
        + "best \(record.reportUnit) that it had, and is never the best so far.")
  }

  private var bestSoFar: [(x: Double, y: Double)] {
    var steps: [(x: Double, y: Double)] = []
    for trial in record.trials {
      guard let value = trial.value.map(metric.shown), value.isFinite else { continue }
      if let last = steps.last?.y, !metric.isBetter(value, than: last) { continue }
      steps.append((Double(trial.number), value))
    }
    if let last = steps.last, let end = record.trials.last {
      steps.append((Double(end.number), last.y))
    }
    return steps
  }

  /// Every trial's reports; `nil` before the first.
  var curves: ReportPicture? {
    let best = record.ranking.first?.number
    let curves = record.trials.filter { !$0.reports.isEmpty }.map { trial in
      TrialCurves.Curve(
        name: "trial \(trial.number): \(metric.hover(trial))",
        kind: trial.number == best ? .best : trial.state == .finished ? .finished : .unfinished,
        values: trial.reports.map(metric.shown))
    }
    guard !curves.isEmpty else { return nil }
    let unit = record.reportUnit
    let chart = TrialCurves(
      title: unit == "epoch" ? "Learning curves" : "Trainings of each trial", unit: unit,
      y: metric.axis(covering: curves.flatMap(\.values)), curves: curves)
    return ReportPicture(
      "learning-curves", chart.drawing,
      caption: "\(record.sweep.metric.name.rawValue) after each \(unit)."
        + (chart.isComplete ? "" : " Of each line only some points are drawn."))
  }

  /// How much each parameter matters, by two measures; none if there is nothing to compare.
  var importance: [ReportPicture] {
    guard record.ranking.count > 1 else { return [] }
    let weights = record.weights
    guard weights.count > 1 else { return [] }
    let trials = "over \(grouped(record.ranking.count)) finished trials"
    let variance = bars(weights) { $0.variance }
    return [
      variance.isEmpty
        ? nil
        : ReportPicture(
          "importance", chart("Importance for the variance", variance),
          caption: "The share of the metric's variance that a parameter explains alone, the mean "
            + "over all others taken (fANOVA, Hutter and others 2014), \(trials). \(Self.intervals)"
        ),
      ReportPicture(
        "importance-best",
        chart("Importance for being among the best", bars(weights, \.bestTenth)),
        caption: "How much a parameter decides whether a trial is among the best tenth (PED-ANOVA, "
          + "Watanabe and others 2023), \(trials). \(Self.intervals)"),
    ].compactMap(\.self)
  }

  private static let intervals =
    "Lines are 95 % intervals from trials drawn anew; where one is wider than half of all "
    + "importance, there are too few trials to tell, and the bar is grey."

  private func chart(_ title: String, _ bars: [BarChart.Bar]) -> Drawing {
    BarChart(title, axis: "share of all importance", rows: "parameter", bars: bars).drawing
  }

  /// The parameters that have an estimate, the most important first.
  private func bars(
    _ weights: [ParameterWeight], _ estimate: (ParameterWeight) -> ImportanceEstimate?
  ) -> [BarChart.Bar] {
    let known = weights.compactMap { weight in estimate(weight).map { (weight.name, $0) } }
    return known.enumerated().sorted {
      ($1.element.1.share, $0.offset) < ($0.element.1.share, $1.offset)
    }.map(\.element).map { name, estimate in
      let (lower, upper) = (fixed(estimate.lower, 2), fixed(estimate.upper, 2))
      return BarChart.Bar(
        record.sweep.space.shortName(of: name), estimate.share,
        interval: (estimate.lower, estimate.upper), isKnown: estimate.isKnown,
        hover: "\(name): \(fixed(estimate.share, 4)), \(lower) to \(upper)"
          + (estimate.isKnown ? "" : ", too few trials"))
    }
  }
}

/// A study's metric as charts show it.
struct StudyMetric {
  private let metric: SweepMetric
  /// The accuracy in percent.
  private let factor: Double

  init(_ record: StudyRecord) {
    metric = record.sweep.metric
    factor = metric.name == .valAccuracy ? 100 : 1
  }

  func shown(_ value: Double) -> Double { value * factor }
  func text(ofShown value: Double) -> String { metric.text(value / factor) }

  func isBetter(_ value: Double, than other: Double) -> Bool {
    metric.loss(value) < metric.loss(other)
  }

  func axis(covering values: some Sequence<Double>) -> Axis {
    metric.name == .valAccuracy
      ? Axis("\(metric.name.rawValue) (%)", covering: values, within: 0...100)
      : Axis("\(metric.name.rawValue) (nats)", covering: values, mayBeLogarithmic: true)
  }

  func scale(of trials: [StudyTrial]) -> ValueScale {
    ValueScale(
      trials.compactMap { $0.value.map(shown) }, isHigherBetter: metric.goal == .maximize,
      text: text(ofShown:))
  }

  func point(_ trial: StudyTrial, x: Double, _ more: String? = nil) -> TrialChart.Point {
    let value = trial.bestValue(by: metric).map(shown) ?? .nan
    let text = "trial \(trial.number): \(hover(trial))" + (more.map { ", \($0)" } ?? "")
    return TrialChart.Point(x: x, y: value, kind: Self.kind(of: trial, value), hover: text)
  }

  private static func kind(of trial: StudyTrial, _ value: Double) -> TrialChart.Point.Kind {
    switch trial.state {
    case .finished: .finished
    case .failed: .failed
    case .pruned, .running: value.isFinite ? .unfinished : .failed
    }
  }

  /// `81.20 %`, `pruned at 61.02 %`, `failed`.
  func hover(_ trial: StudyTrial) -> String {
    let value = trial.bestValue(by: metric).map(metric.text)
    guard trial.state != .finished else { return value ?? "finished" }
    return trial.state.rawValue + (value.map { " at \($0)" } ?? "")
  }
}
