import Platform

/// Files that are written whole or not at all.
public enum AtomicFile {
  /// Writes `bytes` to a temporary file beside `path`, flushes it to the disk and renames it.
  ///
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
    let temporary = "\(path).\(getpid()).tmp"
    let file = FileSystem.descriptor(of: temporary, O_WRONLY | O_CREAT | O_TRUNC)
    guard file >= 0 else { throw FileError.cannotCreate(path: path, reason: errno) }
    do {
      defer { close(file) }
      let isWritten = parts.allSatisfy { FileSystem.write($0.span, to: file) }
      guard isWritten, fsync(file) == 0 else {
        throw FileError.cannotWrite(path: path, reason: errno)
      }
    } catch {
      FileSystem.removeFile(temporary)
      throw error
    }
    guard FileSystem.moveFile(temporary, to: path) else {
      let reason = errno
      FileSystem.removeFile(temporary)
      throw FileError.cannotCreate(path: path, reason: reason)
    }
  }
}
