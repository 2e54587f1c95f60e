import Platform
import Support

/// Bytes that are read in pieces from any place: a file on the disk, or a member of an archive.
struct RandomAccessBytes: Sendable {
  /// The number of bytes.
  let count: Int
  private let path: String
  private let memory: [UInt8]?
  private let file: OpenFile?

  /// Bytes in memory.
  init(_ bytes: [UInt8], path: String) {
    (count, memory, file, self.path) = (bytes.count, bytes, nil, path)
  }

  /// A file, of which only what is asked for is read.
  ///
  /// - Throws: ``FileError``.
  init(opening path: String) throws {
    let file = try OpenFile(path)
    (count, memory, self.file, self.path) = (file.size, nil, file, path)
  }

  /// The bytes of `range`, which must lie within them.
  ///
  /// - Throws: ``FileError``, also if the file has become shorter.
  func bytes(_ range: Range<Int>) throws -> [UInt8] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count) bytes")
    if let memory { return Array(memory[range]) }
    let bytes = FileSystem.read(file!.descriptor, range)
    guard let bytes, bytes.count == range.count else {
      throw FileError.cannotRead(path: path, reason: bytes == nil ? errno : EIO)
    }
    return bytes
  }
}

/// A file's descriptor, closed when nobody holds it any more.
private final class OpenFile: Sendable {
  let descriptor: Int32
  let size: Int

  init(_ path: String) throws {
    descriptor = FileSystem.descriptor(of: path, O_RDONLY)
    guard descriptor >= 0 else {
      if errno == ENOENT { throw FileError.missing(path: path) }
      throw FileError.cannotRead(path: path, reason: errno)
    }
    guard let status = FileSystem.status(of: descriptor) else {
      let reason = errno
      close(descriptor)
      throw FileError.cannotRead(path: path, reason: reason)
    }
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }
}
