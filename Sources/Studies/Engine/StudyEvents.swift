import Configuration
import Interchange
import Platform
import Search
import Support
import Training

/// A study for the HPARAMS tab of TensorBoard: in the directory of each trial an event file with its
/// parameters, the value by which it is compared and how it ended. The curves are in the event files
/// of its trainings.
public struct StudyEvents {
  private let sweep: SweepFile
  private let options: [(name: String, kind: TensorBoardExperiment.Kind)]

  /// Writes what is not written yet. Trials that still run get none.
  ///
  /// - Throws: ``FileError``.
  public static func write(_ record: StudyRecord) throws {
    let events = StudyEvents(record.sweep)
    let place = StudyPlace(record.directory)
    for trial in record.trials where trial.isSettled {
      let directory = place.trial(trial.number)
      if !FileSystem.exists(directory) { try makeDirectories(directory) }
      Leftovers.remove(from: directory)
      try GrowingFile.write(events.bytes(of: trial), to: place.events(ofTrial: trial.number))
    }
  }

  private init(_ sweep: SweepFile) {
    self.sweep = sweep
    options = sweep.space.searchedOptions.map { ($0, sweep.space.kind(of: $0)) }
  }

  private func bytes(of trial: StudyTrial) -> [UInt8] {
    let step = trial.reports.count
    let end = trial.began + (trial.seconds ?? 0)
    let metric = sweep.metric.name.rawValue
    var events = TensorBoardEvents(time: trial.began)
    events.add(
      TensorBoardExperiment(parameters: options, metric: metric), step: step, time: trial.began)
    events.addParameters(values(of: trial), step: step, time: trial.began)
    if let value = trial.bestValue(by: sweep.metric) {
      events.addScalars([(metric, value)], step: step, time: end)
    }
    events.addEnd(trial.state == .failed ? .failure : .success, step: step, time: end)
    return events.bytes
  }

  /// Without those that the trial does not use.
  private func values(of trial: StudyTrial) -> [(name: String, value: JSONValue)] {
    let settings = trial.point.settings(in: sweep.space)
    return options.compactMap { name, kind in
      settings[name].map { value in
        (name, kind == .string ? .string(value.string ?? value.text()) : value)
      }
    }
  }
}

extension SearchSpace {
  /// The training options that are not the same in all trials, in order. Several parameters may set
  /// one, each under a condition of its own.
  public var searchedOptions: [String] {
    var names: [String] = []
    for parameter in parameters where !names.contains(parameter.option) {
      let isShared = parameters.count { $0.option == parameter.option } > 1
      if isShared || parameter.condition != nil || !parameter.distribution.isConstant {
        names.append(parameter.option)
      }
    }
    return names
  }

  fileprivate func kind(of option: String) -> TensorBoardExperiment.Kind {
    let values = parameters.filter { $0.option == option }.flatMap { parameter -> [JSONValue] in
      guard case .choices(let values, _) = parameter.distribution else { return [.number(0)] }
      return values.filter { !SearchChoice.isPlaceholder($0) }
    }
    if values.allSatisfy({ $0.double != nil }) { return .number }
    return values.allSatisfy { $0.bool != nil } ? .truth : .string
  }
}
