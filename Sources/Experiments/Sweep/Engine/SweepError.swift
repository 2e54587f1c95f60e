import Support

/// A sweep that cannot find what it searches.
public enum SweepError: UserError, Equatable {
  case noValidation(metric: String)
  /// The sweep is over and no trial finished.
  case noWinner(path: String)

  public var exitCode: ExitCode {
    switch self {
    case .noValidation: .configuration
    case .noWinner: .failure
    }
  }

  public var description: String {
    switch self {
    case .noValidation(let metric):
      "\(metric) needs validation images; give a val_split above 0, or folds"
    case .noWinner(let path):
      "\(path): no trial finished; 'emnist sweep --show \(path)' lists the reasons"
    }
  }
}
