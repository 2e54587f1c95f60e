import Support

/// A run directory that cannot be used.
public enum RunError: UserError, Equatable {
  case exists(path: String)
  case notARun(path: String)
  case noRuns
  case noCheckpoint(path: String)
  case noValidation(path: String)
  case inUse(path: String)
  case holdsFolds(path: String)
  case classesDiffer(run: String, trained: Int, dataset: String, found: Int)
  case labelsDiffer(run: String, dataset: String, index: Int, trained: String, found: String)
  case imageSizeDiffers(run: String, trained: String, dataset: String, found: String)

  public var exitCode: ExitCode {
    switch self {
    case .exists: .cannotCreate
    case .notARun, .noRuns, .noCheckpoint, .noValidation: .noInput
    case .inUse: .temporaryFailure
    case .holdsFolds: .usage
    default: .dataError
    }
  }

  public var description: String {
    switch self {
    case .exists(let path):
      "\(path): is not empty"
    case .notARun(let path):
      "\(path): has no config.json, so it is not a run directory"
    case .noRuns: "runs: no run found here"
    case .noCheckpoint(let path):
      "\(path): no such checkpoint; the run ended before its first epoch, train it again"
    case .noValidation(let path):
      "\(path): was trained without a validation part"
    case .inUse(let path):
      "\(path): another process is training in it"
    case .holdsFolds(let path):
      "\(path): holds the folds of a cross-validation; name one of them, as \(path)/fold-1"
    case .classesDiffer(let run, let trained, let dataset, let found):
      "\(run): was trained on \(trained) classes, but '\(dataset)' has \(found)"
    case .labelsDiffer(let run, let dataset, let index, let trained, let found):
      "\(run): class \(index) is '\(trained)', but in '\(dataset)' it is '\(found)'"
    case .imageSizeDiffers(let run, let trained, let dataset, let found):
      "\(run): was trained on images of \(trained) pixels, but '\(dataset)' has \(found)"
    }
  }
}
