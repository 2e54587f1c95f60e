import Configuration
import Platform
import Search
import Studies
import Support

/// A training option that a study searches. Several parameters may set it, each under a condition of
/// its own.
struct StudyOption {
  let name: String
  /// How much it mattered, from 0 to 1.
  let importance: Double
  private let space: SearchSpace

  /// Those of a study that are not the same in all trials, in the order of its file.
  static func all(of record: StudyRecord) -> [StudyOption] {
    let space = record.sweep.space
    let shares = record.importance
    return space.searchedOptions.map { name in
      let own = space.parameters.filter { $0.option == name }.map(\.name)
      let share = shares.reduce(0) { own.contains($1.name) ? $0 + $1.share : $0 }
      return StudyOption(name: name, importance: share, space: space)
    }
  }

  /// The value in a trial; empty if the trial does not set it.
  func text(of trial: StudyTrial) -> String {
    trial.point.settings(in: space)[name].map(parameterText) ?? ""
  }
}

extension SearchSpace {
  /// What a parameter is called where there is little room: the option that it sets, unless another
  /// sets the same.
  func shortName(of name: String) -> String {
    guard let option = parameters.first(where: { $0.name == name })?.option else { return name }
    return parameters.count { $0.option == option } == 1 ? option : name
  }
}

/// A parameter's value as a person reads it: `0.003127`, `256,128`, `adamw`.
func parameterText(_ value: JSONValue) -> String {
  switch value {
  case .number(let number): significant(number)
  case .string(let text): text
  case .array(let values): values.map(parameterText).joined(separator: ",")
  // It stands for a value that is a parameter of its own.
  case .object: "drawn"
  default: value.text()
  }
}

/// A number in at most four digits that count, without zeros at its end.
func significant(_ x: Double) -> String {
  guard x.isFinite, x != 0 else { return "\(x + 0)".replacing(".0", with: "") }
  let exponent = Int(log10(abs(x)).rounded(.down))
  guard (-5...8).contains(exponent) else {
    return withoutZeros(fixed(x / pow(10, Double(exponent)), 3)) + "e\(exponent)"
  }
  return withoutZeros(fixed(x, max(0, 3 - exponent)))
}

private func withoutZeros(_ text: String) -> String {
  guard text.contains(".") else { return text }
  var kept = text[...]
  while kept.last == "0" { kept.removeLast() }
  if kept.last == "." { kept.removeLast() }
  return String(kept)
}

// What all views of a study say in the same words.

extension StudyRecord {
  /// The last part of the study's path.
  var name: String { directory.split(separator: "/").last.map(String.init) ?? directory }

  func count(of state: StudyTrial.State) -> Int { trials.count { $0.state == state } }

  /// `22 finished, 17 pruned, 1 failed`, without what there is none of.
  var stateCounts: String {
    let states: [StudyTrial.State] = [.finished, .pruned, .failed, .running]
    let counts = states.map { (state: $0, count: count(of: $0)) }.filter { $0.count > 0 }
    return counts.map { "\(grouped($0.count)) \($0.state.rawValue)" }.joined(separator: ", ")
  }

  /// Seconds that the trials took, one after the other.
  var trialSeconds: Double { trials.reduce(0) { $0 + ($1.seconds ?? 0) } }

  /// What a trial reports after: one of several trainings, if it is made of them.
  var reportUnit: String {
    let settings = sweep.settings
    let isSeveral =
      settings.folds != nil || settings.repeats > 1 || settings.base["folds"]?.int != nil
    return isSeveral ? "training" : "epoch"
  }

  /// The failed trials by their reasons, in the order in which reasons first came up.
  var failures: [(reason: String, trials: [Int])] {
    var failures: [(reason: String, trials: [Int])] = []
    for trial in trials where trial.state == .failed {
      let reason = trial.reason ?? "no reason is known"
      if let known = failures.firstIndex(where: { $0.reason == reason }) {
        failures[known].trials.append(trial.number)
      } else {
        failures.append((reason, [trial.number]))
      }
    }
    return failures
  }
}

extension SweepMetric {
  /// `0.3127`, `88.12 %`.
  func text(_ value: Double) -> String {
    name == .valAccuracy ? percent(value) : fixed(value, 4)
  }
}

/// `trial 3`, `trials 3, 7 and 9`, `trials 3, 7, 9 and 12 more`.
func trialList(_ numbers: [Int]) -> String {
  guard numbers.count > 1 else { return "trial " + numbers.map(String.init).joined() }
  let shown = numbers.count > 6 ? 5 : numbers.count - 1
  let rest = numbers.dropFirst(shown)
  let last = rest.count == 1 ? "\(rest[shown])" : "\(grouped(rest.count)) more"
  return "trials " + numbers.prefix(shown).map(String.init).joined(separator: ", ") + " and \(last)"
}
