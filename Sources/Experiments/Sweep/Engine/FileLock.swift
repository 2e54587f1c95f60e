import Support

/// A lock that one process at a time holds, and that goes when it ends, however it ends.
public final class FileLock: Sendable {
  private let file: Int32

  /// - Returns: `nil` if another process has it.
  /// - Throws: ``FileError`` if the lock's file cannot be made.
  public init?(path: String) throws {
    file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw FileError.cannotCreate(path: path, reason: errno) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      close(file)
      return nil
    }
  }

  deinit { close(file) }
}
