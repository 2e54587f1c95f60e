import Platform

/// Looks at files without reading all of them.
public enum FileStart {
  /// The first `count` bytes of a file, or all of a shorter one.
  ///
  /// - Throws: ``FileError``.
  public static func bytes(of path: String, count: Int) throws -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      if errno == ENOENT { throw FileError.missing(path: path) }
      throw FileError.cannotRead(path: path, reason: errno)
    }
    defer { close(file) }
    return try Array(unsafeUninitializedCapacity: count) { buffer, initialized in
      while initialized < count {
        let got = read(file, buffer.baseAddress! + initialized, count - initialized)
        if got < 0 && errno == EINTR { continue }
        guard got >= 0 else { throw FileError.cannotRead(path: path, reason: errno) }
        if got == 0 { return }
        initialized += got
      }
    }
  }

  /// The size of a file, in bytes, or 0 if it cannot be looked at.
  public static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Whether `path` is a directory.
  public static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
