import Search
import Studies
import Support

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
    case .continuous(let law), .quantized(let law, _):
      switch law {
      case .logUniform, .logNormal: true
      case .uniform, .normal, .beta: false
      }
    case .choices, .integers: false
    }
  }
}
