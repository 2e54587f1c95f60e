import Platform

/// Files that others follow while they grow.
public enum GrowingFile {
  /// Appends what is new if the file that is there is the beginning of `bytes`; otherwise it is
  /// written whole by ``AtomicFile``, which those who follow it do not notice. A link is replaced,
  /// not followed.
  ///
  /// A crash can leave the beginning of what was to be appended.
  /// - Throws: ``FileError`` if the file cannot be read, created or written; then nothing is
  ///   appended.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    let isFile = FileSystem.status(ofLink: path).map { $0.st_mode & S_IFMT == S_IFREG } ?? false
    let old = isFile ? try readFile(path) : []
    guard !old.isEmpty, bytes.starts(with: old) else {
      return try AtomicFile.write(bytes, to: path)
    }
    let file = FileSystem.descriptor(of: path, O_WRONLY | O_NOFOLLOW)
    guard file >= 0 else { throw FileError.cannotWrite(path: path, reason: errno) }
    defer { close(file) }
    let new = bytes.span.extracting(old.count...)
    guard FileSystem.write(new, to: file, at: old.count), fsync(file) == 0 else {
      let reason = errno
      ftruncate(file, off_t(old.count))
      throw FileError.cannotWrite(path: path, reason: reason)
    }
  }
}
