/// Files that are written whole or not at all.
public enum AtomicFile {
  /// Writes `bytes` to a temporary file beside `path`, flushes it to the disk and renames it.
  ///
  /// - Throws: ``FileError`` if the file cannot be created or written; nothing is left behind.
  public static func write(_ bytes: some ContiguousBytes, to path: String) throws {
    try write(to: path) { file in
      try bytes.withUnsafeBytes { try writeAll($0, to: file, path: path) }
    }
  }

  /// Writes UTF-8 text like ``write(_:to:)``.
  public static func write(text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
  }

  /// Writes several parts one after the other, without joining them in memory.
  public static func write(parts: [[UInt8]], to path: String) throws {
    try write(to: path) { file in
      for part in parts {
        try part.withUnsafeBytes { try writeAll($0, to: file, path: path) }
      }
    }
  }

  private static func write(to path: String, _ content: (Int32) throws -> Void) throws {
    let temporary = "\(path).\(getpid()).tmp"
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw FileError.cannotCreate(path: path, reason: errno) }
    do {
      defer { close(file) }
      try content(file)
      guard fsync(file) == 0 else { throw FileError.cannotWrite(path: path, reason: errno) }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let reason = errno
      unlink(temporary)
      throw FileError.cannotCreate(path: path, reason: reason)
    }
  }

  private static func writeAll(
    _ piece: UnsafeRawBufferPointer, to file: Int32, path: String
  ) throws {
    var rest = piece[...]
    while !rest.isEmpty {
      let count = Support::write(file, from: UnsafeRawBufferPointer(rebasing: rest))
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError.cannotWrite(path: path, reason: errno)
      }
      rest = rest.dropFirst(count)
    }
  }
}

/// The C library's `write`, which `AtomicFile.write` hides.
private func write(_ file: Int32, from bytes: UnsafeRawBufferPointer) -> Int {
  #if canImport(Glibc)
    Glibc.write(file, bytes.baseAddress, bytes.count)
  #elseif canImport(Musl)
    Musl.write(file, bytes.baseAddress, bytes.count)
  #else
    Darwin.write(file, bytes.baseAddress, bytes.count)
  #endif
}
