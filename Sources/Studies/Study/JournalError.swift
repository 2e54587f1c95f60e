import Support

/// A journal that cannot be continued.
public enum JournalError: UserError, Equatable {
  /// A line that is not what was written, with others behind it. Lines count from 1.
  case damagedLine(path: String, line: Int, reason: String)
  case cannotLock(path: String, reason: Int32)
  /// The journal is of a sweep whose file differs in this key.
  case otherSweep(path: String, key: String)

  public var exitCode: ExitCode {
    switch self {
    case .damagedLine: .dataError
    case .cannotLock: .ioError
    case .otherSweep: .configuration
    }
  }

  public var description: String {
    switch self {
    case .damagedLine(let path, let line, let reason):
      "\(path): line \(line) is damaged: \(reason); restore the file from a copy, or remove the "
        + "line if its trial may be lost"
    case .cannotLock(let path, let reason):
      "\(path): cannot be locked: \(String(cString: strerror(reason)).lowercased()); "
        + "put the study on a file system that has locks"
    case .otherSweep(let path, let key):
      "\(path): belongs to another sweep: '\(key)' differs"
    }
  }
}
