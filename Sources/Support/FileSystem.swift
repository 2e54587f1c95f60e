import Platform

/// The calls of the C library that take a path or the bytes of an open file.
///
/// They take pointers, which the compiler cannot vouch for: a path must end in a 0 and bytes must be
/// as many as is said, and neither may be kept. Swift's strings and arrays are both for as long as a
/// call lasts, and no call keeps them. Where one fails, `errno` says why.
public enum FileSystem {
  /// Whether there is a file or directory of any kind, seen through links.
  public static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// Whether this process may write there.
  public static func isWritable(_ path: String) -> Bool { unsafe access(path, W_OK) == 0 }

  /// Whether this process may read it.
  public static func isReadable(_ path: String) -> Bool { unsafe access(path, R_OK) == 0 }

  /// Whether this process may run it or, if it is a directory, go into it.
  public static func isExecutable(_ path: String) -> Bool { unsafe access(path, X_OK) == 0 }

  /// What the file system knows of a path, or `nil` if it cannot be looked at.
  public static func status(_ path: String) -> stat? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status : nil
  }

  /// What the file system knows of a path that may be a link, which is not followed, or `nil` if
  /// nothing is there.
  public static func status(ofLink path: String) -> stat? {
    var status = stat()
    return unsafe lstat(path, &status) == 0 ? status : nil
  }

  /// What the file system knows of an open file, or `nil` if it cannot be looked at.
  public static func status(of file: Int32) -> stat? {
    var status = stat()
    return unsafe fstat(file, &status) == 0 ? status : nil
  }

  /// A descriptor, below 0 if the file cannot be opened. Programs that are started do not get it.
  public static func descriptor(of path: String, _ flags: Int32) -> Int32 {
    unsafe open(path, flags | O_CLOEXEC, 0o644)
  }

  /// Makes reading from a file wait for what comes, which `O_NONBLOCK` kept it from.
  static func letWait(_ file: Int32) {
    _ = fcntl(file, F_SETFL, fcntl(file, F_GETFL) & ~O_NONBLOCK)
  }

  /// The directory that a file of this path is in.
  public static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Has the names in a directory on the disk. Where a file system cannot, or the directory may not
  /// be read, it is left to when they come there by themselves.
  @discardableResult
  public static func flushDirectory(_ path: String) -> Bool {
    let directory = descriptor(of: path, O_RDONLY | O_DIRECTORY)
    guard directory >= 0 else { return true }
    defer { close(directory) }
    return fsync(directory) == 0 || [EINVAL, ENOTSUP, EROFS].contains(errno)
  }

  /// Makes a directory in one that is there.
  public static func makeDirectory(_ path: String) -> Bool { unsafe mkdir(path, 0o755) == 0 }

  /// Removes a file, if there is one.
  @discardableResult
  public static func removeFile(_ path: String) -> Bool { unsafe unlink(path) == 0 }

  /// Removes a directory, if it is empty.
  @discardableResult
  public static func removeDirectory(_ path: String) -> Bool { unsafe rmdir(path) == 0 }

  /// Gives a file another name, which replaces what had it.
  @discardableResult
  public static func moveFile(_ path: String, to name: String) -> Bool {
    unsafe rename(path, name) == 0
  }

  /// Gives a file a second name, where the file system can and nothing has it.
  public static func linkFile(_ path: String, to name: String) -> Bool {
    unsafe link(path, name) == 0
  }

  /// The path without symbolic links and dots, or `nil` if nothing is there.
  public static func resolved(_ path: String) -> String? {
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// What an error number means, in small letters.
  public static func text(ofError reason: Int32) -> String {
    unsafe String(cString: strerror(reason)).lowercased()
  }
}

extension FileSystem {
  /// As many bytes as one call gives, at most `count`; none at the end of the file, and `nil` if it
  /// cannot be read.
  ///
  /// - Parameter position: where in the file, if not behind what was read last.
  public static func readSome(
    of file: Int32, count: Int, at position: Int? = nil
  ) -> [UInt8]? {
    var got = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      repeat {
        got =
          if let position {
            unsafe pread(file, buffer.baseAddress, count, off_t(position))
          } else {
            unsafe Support::readSome(file, buffer.baseAddress, count)
          }
      } while got < 0 && errno == EINTR
      initialized = max(0, got)
    }
    return got < 0 ? nil : bytes
  }

  /// The bytes of a range of a file; fewer if it ends before, and `nil` if it cannot be read.
  public static func read(_ file: Int32, _ range: Range<Int>) -> [UInt8]? {
    var bytes = readSome(of: file, count: range.count, at: range.lowerBound)
    while let got = bytes?.count, got < range.count {
      let position = range.lowerBound + got
      guard let more = readSome(of: file, count: range.count - got, at: position) else {
        return nil
      }
      if more.isEmpty { break }
      bytes?.append(contentsOf: more)
    }
    return bytes
  }

  /// Writes all bytes, or says that they could not be written; then some may have been.
  ///
  /// - Parameter position: where in the file, if not behind what was written last.
  public static func write(_ bytes: Span<UInt8>, to file: Int32, at position: Int? = nil) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.extracting(written...).withUnsafeBufferPointer { rest in
        if let position {
          unsafe pwrite(file, rest.baseAddress, rest.count, off_t(position + written))
        } else {
          unsafe writeSome(file, rest.baseAddress, rest.count)
        }
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      written += count
    }
    return true
  }
}

// The C library's functions whose names those above hide.

private func readSome(_ file: Int32, _ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int) -> Int {
  unsafe read(file, bytes, count)
}

private func writeSome(_ file: Int32, _ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int {
  unsafe write(file, bytes, count)
}
