/// How a command ends, as `sysexits.h` has it.
public enum ExitCode: Int32, Sendable {
  case success = 0
  /// The work ran and failed: training diverged, a threshold was missed.
  case failure = 1
  /// The command line is wrong.
  case usage = 64
  /// A file that was read is malformed.
  case dataError = 65
  /// A file or directory that was named is not there.
  case noInput = 66
  /// A thing that is needed is not there.
  case unavailable = 69
  /// A fault of ours.
  case software = 70
  /// An output cannot be created.
  case cannotCreate = 73
  /// Reading or writing failed half-way.
  case ioError = 74
  /// Another process holds a lock, or a scheduler ended the work before its limit; try later.
  case temporaryFailure = 75
  /// A configuration file is wrong.
  case configuration = 78
  /// Ended by SIGINT, with everything so far saved.
  case interrupted = 130
  /// Ended by SIGTERM, with everything so far saved.
  case terminated = 143
}

/// An error that a user can cause. Its description is one sentence that says what was wrong,
/// where (file, byte or key) and what to do.
public protocol UserError: Error, CustomStringConvertible, Sendable {
  /// What the process ends with if nobody handles the error.
  var exitCode: ExitCode { get }
}
