import Platform

/// Files that others follow while they grow.
public enum GrowingFile {
  /// Appends what is new if the file that is there is the beginning of `bytes`; otherwise it is
  /// written whole by ``AtomicFile``, which those who follow it do not notice.
  ///
  /// A crash can leave the beginning of what was to be appended.
  /// - Throws: ``FileError`` if the file cannot be read, created or written.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    let old = access(path, F_OK) == 0 ? try readFile(path) : []
    guard !old.isEmpty, bytes.starts(with: old) else {
      return try AtomicFile.write(bytes, to: path)
    }
    let file = open(path, O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { throw FileError.cannotWrite(path: path, reason: errno) }
    defer { close(file) }
    var position = old.count
    while position < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(file, $0.baseAddress! + position, bytes.count - position, off_t(position))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileError.cannotWrite(path: path, reason: errno) }
      position += count
    }
    guard fsync(file) == 0 else { throw FileError.cannotWrite(path: path, reason: errno) }
  }
}
