import Platform
import Search
import Support

/// A study as its directory has it, for whoever only looks.
public struct StudyRecord: Sendable {
  public let directory: String
  public let sweep: SweepFile
  public let trials: [StudyTrial]
  /// What a reader should know about the journal, a sentence each.
  public let notes: [String]
  /// What ``weights`` found: text, page and files ask for it.
  let foundWeights = FoundWeights()

  /// Reads a study's directory and changes nothing in it.
  ///
  /// - Throws: ``StudyError/notAStudy(path:)``, ``FileError``, ``SweepFileError`` and
  ///   ``JournalError``.
  public init(reading directory: String) throws {
    guard FileSystem.exists(directory) else { throw FileError.missing(path: directory) }
    let (file, path) = (SweepFile.path(in: directory), Study.journalPath(directory))
    guard FileSystem.exists(file), FileSystem.exists(path) else {
      throw StudyError.notAStudy(path: directory)
    }
    let sweep = try SweepFile(path: file)
    let journal = try Journal(path: path, start: StudyEvent.start, readOnly: true)
    var state = StudyState(space: sweep.space)
    let lines = try journal.readNew()
    for (index, line) in lines.enumerated() {
      let reason =
        try StudyEvent.read(line, of: path).map { state.apply($0, seen: 0) } ?? "no known event"
      if let reason { throw journal.damage(reason, linesBack: lines.count - index) }
    }
    self.init(directory: directory, sweep: sweep, trials: state.trials, notes: journal.notes)
  }

  public init(
    directory: String, sweep: SweepFile, trials: [StudyTrial], notes: [String] = []
  ) {
    self.directory = directory
    self.sweep = sweep
    self.trials = trials
    self.notes = notes
  }

  /// The finished trials, the best first; of equals the one that began first.
  public var ranking: [StudyTrial] {
    let finished = trials.compactMap { trial in trial.value.map { (trial, sweep.metric.loss($0)) } }
    return finished.sorted { ($0.1, $0.0.number) < ($1.1, $1.0.number) }.map(\.0)
  }

  public var counts: StudyCounts { StudyCounts(trials, by: sweep.metric) }
}

/// A study that cannot be worked on.
public enum StudyError: UserError, Equatable {
  case notAStudy(path: String)
  case isBusy(path: String)
  /// The directory has files, and none of a study.
  case notEmpty(path: String)

  public var exitCode: ExitCode {
    switch self {
    case .notAStudy: .noInput
    case .isBusy: .temporaryFailure
    case .notEmpty: .cannotCreate
    }
  }

  public var description: String {
    switch self {
    case .notAStudy(let path):
      "\(path): has no sweep.json and journal.jsonl, so it is not a study"
    case .isBusy(let path):
      "\(path): another sweep is at work here"
    case .notEmpty(let path):
      "\(path): is not empty and holds no study"
    }
  }
}
