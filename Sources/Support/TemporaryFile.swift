import Platform

/// A file on its way to its place in the same directory, `.emnist-0123456789abcdef.tmp`.
///
/// Its name is drawn, so that two machines that share a directory have no name in common, and it is
/// made anew: a link that somebody planted there is not followed. While it is written it is locked;
/// one that nobody has locked was left by a process that was killed.
struct TemporaryFile: ~Copyable {
  let path: String
  let file: Int32

  /// - Returns: `nil` if no file can be created; `errno` says why.
  init?(in directory: String) {
    var (path, file): (String, Int32)
    repeat {
      path = "\(directory)/\(Self.name(UInt64.random(in: 0...UInt64.max)))"
      file = FileSystem.descriptor(of: path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
      guard file >= 0 || errno == EEXIST else { return nil }
    } while file < 0 || !Self.claim(file)
    (self.path, self.file) = (path, file)
  }

  /// Locks a new file; fails if somebody has taken it for a leftover in between.
  private static func claim(_ file: Int32) -> Bool {
    let isTaken = flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
    if !isTaken, FileSystem.status(of: file)?.st_nlink != 0 { return true }
    close(file)
    return false
  }

  deinit { close(file) }

  /// Removes the file, and makes the error of what went wrong with it.
  consuming func removed(becauseOf error: (Int32) -> FileError) -> FileError {
    let error = error(errno)
    FileSystem.removeFile(path)
    return error
  }

  private static let prefix = ".emnist-"
  private static let suffix = ".tmp"

  private static func name(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return prefix + String(repeating: "0", count: 16 - digits.count) + digits + suffix
  }

  /// Whether a file of this name is ours: no other is ever removed.
  static func isName(_ name: String) -> Bool {
    let digits = name.dropFirst(prefix.count).dropLast(suffix.count)
    return name.hasPrefix(prefix) && name.hasSuffix(suffix) && digits.utf8.count == 16
      && digits.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}

/// What processes that were killed left of files that they were writing.
public enum Leftovers {
  /// Removes them from a directory. One that somebody is still writing stays, and so does any that
  /// cannot be locked, as on a file system without locks.
  public static func remove(from directory: String) {
    for name in names(in: directory) where TemporaryFile.isName(name) {
      let path = "\(directory)/\(name)"
      let file = FileSystem.descriptor(of: path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
      guard file >= 0 else { continue }
      defer { close(file) }
      guard let status = FileSystem.status(of: file), status.st_mode & S_IFMT == S_IFREG else {
        continue
      }
      if flock(file, LOCK_EX | LOCK_NB) == 0 { FileSystem.removeFile(path) }
    }
  }

  /// The names of all else that is in a directory; none if it cannot be read.
  public static func others(in directory: String) -> [String] {
    names(in: directory).filter { !TemporaryFile.isName($0) }
  }

  private static func names(in directory: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
  }
}
