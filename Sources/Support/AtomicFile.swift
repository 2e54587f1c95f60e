import Platform

/// Files that are written whole or not at all.
///
/// A file is written under a ``TemporaryFile``'s name beside its place, flushed to the disk and
/// renamed, and its directory is flushed too: whoever looks sees the old file or the new one, also
/// after a power cut.
public enum AtomicFile {
  /// Writes `bytes` to `path`.
  ///
  /// What is neither a file nor free, as a pipe or `/dev/stdout`, is written into as it is.
  /// - Throws: ``FileError`` if the file cannot be created or written; nothing is left behind.
  public static func write(_ bytes: some Collection<UInt8>, to path: String) throws {
    try write(parts: [Array(bytes)], to: path)
  }

  /// Writes UTF-8 text like ``write(_:to:)``.
  public static func write(text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
  }

  /// Writes several parts one after the other, without joining them in memory.
  public static func write(parts: [[UInt8]], to path: String) throws {
    guard !isDevice(path) else { return try write(parts: parts, into: path) }
    let directory = FileSystem.directory(of: path)
    guard let temporary = TemporaryFile(in: directory) else {
      throw FileError.cannotCreate(path: path, reason: errno)
    }
    guard write(parts, to: temporary.file), fsync(temporary.file) == 0 else {
      throw temporary.removed(becauseOf: { .cannotWrite(path: path, reason: $0) })
    }
    guard FileSystem.moveFile(temporary.path, to: path) else {
      throw temporary.removed(becauseOf: { .cannotCreate(path: path, reason: $0) })
    }
    guard FileSystem.flushDirectory(directory) else {
      throw FileError.cannotWrite(path: path, reason: errno)
    }
  }

  /// Whether there is something at `path` that a file must not take the place of.
  private static func isDevice(_ path: String) -> Bool {
    guard let status = FileSystem.status(path) else { return false }
    let kind = status.st_mode & S_IFMT
    // /dev/stdout and /dev/fd/1 lead to whatever file the shell has opened. What lies deeper, as in
    // /dev/shm, is a file like any other.
    return kind != S_IFREG && kind != S_IFDIR
      || ["/dev", "/dev/fd"].contains(FileSystem.directory(of: path))
  }

  private static func write(parts: [[UInt8]], into path: String) throws {
    let file = FileSystem.descriptor(of: path, O_WRONLY | O_APPEND)
    guard file >= 0 else { throw FileError.cannotCreate(path: path, reason: errno) }
    defer { close(file) }
    guard write(parts, to: file) else { throw FileError.cannotWrite(path: path, reason: errno) }
  }

  private static func write(_ parts: [[UInt8]], to file: Int32) -> Bool {
    parts.allSatisfy { FileSystem.write($0.span, to: file) }
  }
}
