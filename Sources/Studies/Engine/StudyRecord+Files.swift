import Configuration
import Platform
import Search
import Support
import Training

// A study for programs and spreadsheets.

extension StudyRecord {
  /// The object of `emnist sweep --json` and of `study.json`.
  public var json: JSONObject {
    let weights = weights
    func object(_ value: (ParameterWeight) -> JSONValue?) -> JSONValue {
      .object(JSONObject(weights.compactMap { weight in value(weight).map { (weight.name, $0) } }))
    }
    return [
      "schema": 1, "study": .string(directory),
      "metric": .string(sweep.metric.name.rawValue), "goal": .string(sweep.metric.goal.rawValue),
      "trials": .array(trials.map { .object(json(of: $0)) }),
      "best": best ?? .null,
      "importance": object { .number($0.bestTenth.share) },
      "importance_interval95": object { $0.bestTenth.interval },
      "fanova": object { $0.variance.map { .number($0.share) } },
      "fanova_interval95": object { $0.variance?.interval },
      "test": result.map { .object($0.json) } ?? .null,
    ]
  }

  /// What the winner came to on the test part, if it was tested.
  public var result: SweepResult? {
    guard let result = SweepResult(reading: StudyPlace(directory).winner),
      result.trial == ranking.first?.number
    else { return nil }
    return result
  }

  private var best: JSONValue? {
    guard let trial = ranking.first else { return nil }
    var object = json(of: trial)
    object["run"] = .string(StudyPlace(directory).trial(trial.number))
    object["command"] = .string(command(for: trial))
    return .object(object)
  }

  private func json(of trial: StudyTrial) -> JSONObject {
    [
      "id": .integer(trial.number), "state": .string(trial.state.rawValue),
      "parameters": .object(trial.point.parameters(in: sweep.space)),
      "value": trial.bestValue(by: sweep.metric).map { .number($0) } ?? .null,
      "epochs": .integer(epochs(of: trial)),
      "seconds": trial.seconds.map { .number($0) } ?? .null,
      "reason": trial.reason.map { .string($0) } ?? .null,
    ]
  }

  /// The epochs that went into a trial, each counted once: of a trial of several trainings, which
  /// reports each of these and no epochs, those of all of them.
  private func epochs(of trial: StudyTrial) -> Int {
    let trainings = StudyPlace(directory).trainings(ofTrial: trial.number)
    guard !trainings.isEmpty else { return trial.reports.count }
    return trainings.reduce(0) { sum, run in
      sum + ((try? [EpochRecord](csvFile: run.history).count) ?? 0)
    }
  }

  /// What one types to train a trial's network again, on the same folds or with as many seeds if that is
  /// what a trial is. A training has either: of both the folds are kept.
  public func command(for trial: StudyTrial) -> String {
    let command = (try? sweep.options(of: trial.point))?.command ?? "emnist train"
    let settings = sweep.settings
    if let folds = settings.folds { return "\(command) --folds \(folds)" }
    return settings.repeats > 1 ? "\(command) --repeats \(settings.repeats)" : command
  }

  /// `trials.csv`: a row a trial, with a column a parameter, which may be `epochs`.
  public var csvText: String {
    let names = sweep.space.parameters.map(\.name)
    let header = ["trial", "state", "value", "epochs_run", "seconds"] + names + ["reason"]
    let rows = trials.map { trial in
      [
        "\(trial.number)", trial.state.rawValue, Self.field(trial.bestValue(by: sweep.metric)),
        "\(epochs(of: trial))", Self.field(trial.seconds),
      ] + trial.point.values.map { $0.map { $0.string ?? $0.text() } ?? "" } + [trial.reason ?? ""]
    }
    return ([header] + rows).map { $0.map(csvField).joined(separator: ",") + "\n" }.joined()
  }

  private static func field(_ number: Double?) -> String { number.map { "\($0)" } ?? "" }

  /// Writes `study.json` and `trials.csv` into the study's directory.
  public func writeFiles() throws {
    let place = StudyPlace(directory)
    try AtomicFile.write(text: JSONValue.object(json).text(pretty: true), to: place.summary)
    try AtomicFile.write(text: csvText, to: place.table)
  }
}

extension LayeredConfiguration {
  /// The options that somebody gave, as one would type them.
  fileprivate var command: String {
    let words = ConfigurationOption.all.compactMap { option -> String? in
      guard sources[option.name] == .file, let text = option.text(in: configuration) else {
        return nil
      }
      guard option.placeholder == nil else { return "\(option.flag) \(text.shellWord)" }
      return text == "true" ? option.flag : "--no-" + option.flag.dropFirst(2)
    }
    return (["emnist train"] + words).joined(separator: " ")
  }
}

/// The names of the files of a study, beside its journal.
public struct StudyPlace: Equatable, Sendable {
  public let path: String

  public init(_ path: String) { self.path = path }

  public var trials: String { path + "/trials" }
  public var table: String { path + "/trials.csv" }
  public var summary: String { path + "/study.json" }
  public var report: String { path + "/report.html" }
  /// What the study was made from; see ``Training/Manifest``.
  public var manifest: String { path + "/manifest.json" }
  /// What the winner came to on the test part.
  public var winner: String { path + "/winner.json" }

  /// Makes sure that a sweep does not write among somebody's files.
  ///
  /// - Throws: ``StudyError/notEmpty(path:)``.
  public func checkEmptyOrStudy() throws {
    guard !FileSystem.exists(Study.journalPath(path)) else { return }
    guard Leftovers.others(in: path).isEmpty else { throw StudyError.notEmpty(path: path) }
  }

  /// `trials/0007`.
  public func trial(_ number: Int) -> String {
    let digits = "\(number)"
    return "\(trials)/" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// A trial's parameters and value for TensorBoard.
  public func events(ofTrial number: Int) -> String {
    trial(number) + "/events.out.tfevents.trial"
  }

  /// The run directory of the winner trained again with another seed, numbered from 1.
  public func refit(_ number: Int) -> String { "\(path)/winner-\(number)" }

  /// Removes what the trainings of a trial would go on from.
  func removeCheckpoints(ofTrial number: Int) {
    for run in directories(ofTrial: number) {
      FileSystem.removeFile(RunDirectory(path: run).last)
    }
  }

  /// Whether somebody trains in a trial's directory.
  func isInUse(trial number: Int) -> Bool {
    directories(ofTrial: number).contains { DirectoryLock($0) == nil }
  }

  /// The trainings of a trial of several that have come to an epoch; none of a trial of one.
  func trainings(ofTrial number: Int) -> [RunDirectory] {
    directories(ofTrial: number).dropFirst().map { RunDirectory(path: $0) }
      .filter { FileSystem.exists($0.history) }
  }

  /// Where the trainings of a trial may be: its directory, and what is in that.
  private func directories(ofTrial number: Int) -> [String] {
    let trial = trial(number)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: trial)) ?? []
    return [trial] + names.sorted().map { "\(trial)/\($0)" }
  }
}

extension ImportanceEstimate {
  fileprivate var interval: JSONValue { [.number(lower), .number(upper)] }
}
