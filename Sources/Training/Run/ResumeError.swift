import Support

/// A training that cannot go on, or not so.
public enum ResumeError: UserError, Equatable {
  /// The checkpoint holds weights and nothing else.
  case noState(path: String)
  case rowsMissing(path: String, found: Int, needed: Int)
  case bestMissing(path: String, epoch: Int)
  case otherModel(path: String, config: String)
  case imageCountDiffers(run: String, trained: Int, dataset: String, found: Int)
  case imagesDiffer(run: String, dataset: String)
  /// `done` is the number of epochs or steps, or the time.
  case nothingLeft(run: String, StopReason, done: String)
  case foldsDone(run: String, count: Int)
  case isFold(path: String)
  case optionChanged(option: String, from: String?, to: String)

  public var exitCode: ExitCode {
    switch self {
    case .noState, .rowsMissing, .bestMissing, .otherModel, .imageCountDiffers, .imagesDiffer:
      .dataError
    case .nothingLeft, .foldsDone, .isFold, .optionChanged: .usage
    }
  }

  public var description: String {
    switch self {
    case .noState(let path):
      "\(path): holds weights, but not the state of a training that could go on"
    case .rowsMissing(let path, let found, let needed):
      "\(path): has \(found) of the \(needed) rows that the checkpoint beside it was written after"
    case .bestMissing(let path, let epoch):
      "\(path): is not the checkpoint of epoch \(epoch), the best so far"
    case .otherModel(let path, let config):
      "\(path): has other layers than \(config) asks for"
    case .imageCountDiffers(let run, let trained, let dataset, let found):
      "\(run): was trained on \(trained) images, but '\(dataset)' gives \(found) here"
    case .imagesDiffer(let run, let dataset):
      "\(run): was trained on other images or labels than '\(dataset)' has here"
    case .nothingLeft(let run, let reason, let done):
      "\(run): \(Self.ending(reason, done))"
    case .foldsDone(let run, let count):
      "\(run): all \(count) folds are trained, see \(run)/folds.json"
    case .isFold(let path):
      "\(path): is one fold of a cross-validation; resume them all, by the directory above it"
    case .optionChanged(let option, let from, let to):
      "'\(option)' cannot change from \(from ?? "none") to \(to) in a run that goes on; "
        + "leave it out, or begin a new run"
    }
  }

  private static func ending(_ reason: StopReason, _ done: String) -> String {
    switch reason {
    case .finished: "all \(done) epochs are trained"
    case .early: "\(done) epochs brought no improvement"
    case .time: "its \(done) are over"
    case .steps: "all \(done) steps are trained"
    case .interrupted: "it was interrupted"
    }
  }
}
