import Platform
import Support

/// Keeps other processes out of a directory for as long as it lives. It ends with the process,
/// however that ends.
public final class DirectoryLock: Sendable {
  private let file: Int32

  /// Locks a directory. Where the file system knows no locks, there is none.
  ///
  /// - Returns: `nil` if another lock is on it.
  public init?(_ path: String) {
    file = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard file >= 0, flock(file, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
    close(file)
    return nil
  }

  deinit { if file >= 0 { close(file) } }
}
