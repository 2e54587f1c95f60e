import Support

/// How far the numbers go that a run's files can hold; beyond that somebody edited them, and sums
/// of them could not be counted.
public enum RecordBounds {
  /// Of epochs and steps.
  public static let count = 0...1_000_000_000_000_000
  /// Of images, which have a number of 31 bits.
  public static let images = 0...Int(Int32.max)
  /// More than a century.
  public static let seconds = 0...4e9
  /// Of images a second.
  public static let speed = 0...1e15
}

/// A file of a run that is not as `emnist` wrote it.
public enum RecordError: UserError, Equatable {
  case badKey(path: String, key: String, expected: String)
  case noColumn(path: String, name: String)
  case badRow(path: String, line: Int, expected: String)

  public var exitCode: ExitCode { .dataError }

  public var description: String {
    switch self {
    case .badKey(let path, let key, let expected):
      "\(path): '\(key)' is not \(expected); write the file anew with 'emnist eval'"
    case .noColumn(let path, let name):
      "\(path): has no column '\(name)'; the file is damaged or was edited"
    case .badRow(let path, let line, let expected):
      "\(path): line \(line) is not \(expected); the file is damaged or was edited"
    }
  }
}
