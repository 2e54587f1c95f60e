import Platform
import Support

/// A sweep that cannot find what it searches.
public enum SweepError: UserError, Equatable {
  case noValidation(metric: String)
  /// The sweep is over and no trial finished.
  case noWinner(path: String)
  /// Trials failed one after the other.
  case failures(path: String)

  public var exitCode: ExitCode {
    switch self {
    case .noValidation: .configuration
    case .noWinner, .failures: .failure
    }
  }

  public var description: String {
    switch self {
    case .noValidation(let metric):
      "\(metric) needs validation images; give a val_split above 0, or folds"
    case .noWinner(let path):
      "\(path): no trial finished"
    case .failures(let path):
      "\(path): \(Study.failureLimit) trials failed in a row, so no more begin"
    }
  }
}

/// A sweep that a signal ended, with everything so far in the journal.
public struct SweepInterrupted: UserError, Equatable {
  public let signal: Int32
  /// Trials that have ended.
  public let ended: Int
  public let study: String

  public init(signal: Int32, ended: Int, study: String) {
    self.signal = signal
    self.ended = ended
    self.study = study
  }

  public var exitCode: ExitCode { signal == SIGTERM ? .terminated : .interrupted }

  public var description: String {
    "interrupted after \(ended == 1 ? "one trial" : "\(ended) trials"); the study is kept in "
      + "\(study), and the same command goes on with it"
  }
}
