import Search
import Studies
import Support
import Training

/// The trials over their parameters.
struct StudyParameterPictures {
  private let record: StudyRecord
  private let metric: StudyMetric
  private let axes: [StudyAxis]
  private let scale: ValueScale

  init(_ record: StudyRecord) {
    self.record = record
    metric = StudyMetric(record)
    axes = StudyAxis.all(of: record)
    scale = metric.scale(of: record.trials)
  }

  /// The trials that have a value at all.
  private var valued: [StudyTrial] {
    record.trials.filter { $0.bestValue(by: record.sweep.metric) != nil && $0.state != .failed }
  }

  /// `nil` without a finished trial or a parameter.
  var parallel: ReportPicture? {
    guard !axes.isEmpty, !record.ranking.isEmpty else { return nil }
    // The best are drawn last.
    let trials = valued.filter { $0.state != .finished } + record.ranking.reversed()
    let lines = trials.map { trial in
      let point = metric.point(trial, x: 0)
      return ParallelChart.Line(
        values: axes.map { $0.place(of: trial) } + [point.y],
        color: trial.state == .finished ? scale.colorClass(of: point.y) : "faint",
        hover: point.hover)
    }
    let values = lines.compactMap { $0.values.last ?? nil }
    let chart = ParallelChart(
      title: "Parallel coordinates", axes: axes.map(\.axis) + [metric.axis(covering: values)],
      lines: lines, scale: scale)
    return ReportPicture(
      "parallel", chart.drawing,
      caption: "A line is a trial. Colours go by rank, a seventh of the finished trials each; "
        + "trials that were pruned or still run are grey.")
  }

  /// How many parameters have a picture of their own.
  private static let sliceLimit = 24

  /// A picture a parameter, if there are trials to compare.
  var slices: [ReportPicture] {
    guard valued.count > 1 else { return [] }
    let trials = valued
    return axes.prefix(Self.sliceLimit).enumerated().map { index, axis in
      let points = trials.compactMap { trial in
        axis.place(of: trial).map { metric.point(trial, x: $0, axis.text(of: trial)) }
      }
      let chart = TrialChart(
        title: axis.parameter.name, x: axis.axis, y: metric.axis(covering: points.map(\.y)),
        points: points)
      return ReportPicture(
        "slice-\(index + 1)", chart.drawing,
        caption: points.count == trials.count
          ? "" : "\(grouped(points.count)) of \(grouped(trials.count)) trials use it.")
    }
  }

  /// Fewer points make no field.
  private static let leastContourPoints = 8

  /// Over the two numeric parameters that matter most; `nil` if there are not two that enough trials
  /// use together, with three values of each.
  var contour: ReportPicture? {
    let shares = record.importance
    func share(_ axis: StudyAxis) -> Double {
      shares.first { $0.name == axis.parameter.name }?.share ?? 0
    }
    let numeric = axes.filter(\.isNumeric).enumerated().sorted {
      (share($1.element), $0.offset) < (share($0.element), $1.offset)
    }.map(\.element)
    guard numeric.count > 1 else { return nil }
    let (x, y) = (numeric[0], numeric[1])
    let points = record.ranking.reversed().compactMap { trial -> ContourChart.Point? in
      guard let across = x.place(of: trial), let up = y.place(of: trial) else { return nil }
      let texts = [x, y].compactMap { $0.text(of: trial) }.joined(separator: ", ")
      let point = metric.point(trial, x: across, texts)
      return ContourChart.Point(x: across, y: up, value: point.y, hover: point.hover)
    }
    guard points.count >= Self.leastContourPoints,
      Set(points.map(\.x)).count > 2, Set(points.map(\.y)).count > 2
    else { return nil }
    let chart = ContourChart(
      title: "\(x.axis.title) and \(y.axis.title)", x: x.axis, y: y.axis, points: points,
      scale: scale)
    return ReportPicture(
      "contour", chart.drawing,
      caption: "The two numbers that matter most. The field is an estimate: the mean of the "
        + "finished trials, which are the points, weighted by the inverse fourth power of their "
        + "distance; the other parameters are not held fixed.")
  }
}

/// A parameter of a search as an axis: logarithmic where its distribution is, with names where it is
/// a choice.
struct StudyAxis {
  let parameter: SearchParameter
  private let index: Int
  let axis: Axis
  /// The values of a choice in the order of the axis: numbers by size, others as in the file.
  private let choices: [JSONValue]?

  /// The axes of the parameters that are searched, in the order of the file.
  static func all(of record: StudyRecord) -> [StudyAxis] {
    record.sweep.space.parameters.enumerated().compactMap { index, parameter in
      parameter.distribution.isConstant
        ? nil : StudyAxis(parameter, index, of: record)
    }
  }

  private init(_ parameter: SearchParameter, _ index: Int, of record: StudyRecord) {
    let name = record.sweep.space.shortName(of: parameter.name)
    self.parameter = parameter
    self.index = index
    if case .choices(let values, _) = parameter.distribution {
      let isNumeric = values.allSatisfy { $0.double != nil }
      let ordered = isNumeric ? values.sorted { ($0.double ?? 0) < ($1.double ?? 0) } : values
      choices = ordered
      axis = Axis(name, choices: ordered.map(parameterText))
      return
    }
    choices = nil
    let values = record.trials.compactMap { $0.point.values[index]?.double }
    let isWhole = if case .integers = parameter.distribution { true } else { false }
    axis =
      parameter.distribution.isLogarithmic && values.contains { $0 > 0 }
      ? Axis(name, logarithmicallyCovering: values)
      : Axis(name, covering: values, isWhole: isWhole)
  }

  var isNumeric: Bool { choices == nil }

  /// Where a trial lies on the axis; `nil` if it does not use the parameter. Trials with the same
  /// choice are spread around it, or they would hide each other.
  func place(of trial: StudyTrial) -> Double? {
    guard let value = trial.point.values[index] else { return nil }
    guard let choices else { return value.double }
    // Multiples of the golden ratio fill an interval evenly, however many there are.
    let share = Double(trial.number) * 0.618_033_988_749_895
    let offset = 0.4 * (share - share.rounded(.down) - 0.5)
    return choices.firstIndex(of: value).map { Double($0) + offset }
  }

  /// `lr 0.003`; `nil` if the trial does not use the parameter.
  func text(of trial: StudyTrial) -> String? {
    trial.point.values[index].map { "\(parameter.name) \(parameterText($0))" }
  }
}

extension SearchDistribution {
  fileprivate var isLogarithmic: Bool {
    switch self {
    case .continuous(let law), .quantized(let law, _): law.isLogarithmic
    case .choices, .integers: false
    }
  }
}
