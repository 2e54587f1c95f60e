import Support

/// A file of a run that is not as `emnist` wrote it.
public enum RecordError: UserError, Equatable {
  case badKey(path: String, key: String, expected: String)
  case noColumn(path: String, name: String)
  case badRow(path: String, line: Int, expected: String)

  public var exitCode: ExitCode { .dataError }

  public var description: String {
    switch self {
    case .badKey(let path, let key, let expected):
      "\(path): '\(key)' is not \(expected)"
    case .noColumn(let path, let name):
      "\(path): has no column '\(name)'; the file is damaged or was edited"
    case .badRow(let path, let line, let expected):
      "\(path): line \(line) is not \(expected); the file is damaged or was edited"
    }
  }
}
