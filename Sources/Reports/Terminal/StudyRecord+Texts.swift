import Configuration
import Studies
import Support

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
