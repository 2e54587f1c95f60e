import Platform

/// Looks at files without reading all of them.
public enum FileStart {
  /// The first `count` bytes of a file, or all of a shorter one.
  ///
  /// - Throws: ``FileError``.
  public static func bytes(of path: String, count: Int) throws -> [UInt8] {
    let file = FileSystem.descriptor(of: path, O_RDONLY)
    guard file >= 0 else {
      if errno == ENOENT { throw FileError.missing(path: path) }
      throw FileError.cannotRead(path: path, reason: errno)
    }
    defer { close(file) }
    var bytes: [UInt8] = []
    while bytes.count < count {
      guard let more = FileSystem.readSome(of: file, count: count - bytes.count) else {
        throw FileError.cannotRead(path: path, reason: errno)
      }
      if more.isEmpty { break }
      bytes += more
    }
    return bytes
  }

  /// The size of a file, in bytes, or 0 if it cannot be looked at.
  public static func size(of path: String) -> Int {
    FileSystem.status(path).map { Int($0.st_size) } ?? 0
  }

  /// Whether `path` is a directory.
  public static func isDirectory(_ path: String) -> Bool {
    FileSystem.status(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
  }
}
