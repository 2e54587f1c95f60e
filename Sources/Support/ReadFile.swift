import Platform

/// What a file is read as, which says how large it may be: no more is read, so that an endless file
/// such as a device ends in a sentence and not in a full memory.
public enum FileKind: Sendable {
  /// Options, a sweep, a model's layers, a run's results.
  case text
  /// A row an epoch, a step or an image.
  case table
  /// Images, weights.
  case data

  /// In bytes.
  public var largestSize: Int {
    switch self {
    case .text: 16 << 20
    case .table: 4 << 30
    case .data: 32 << 30
    }
  }

  /// In bytes, of what does not say its size before it is read: a pipe or a device.
  public static let largestStream = 256 << 20
}

/// Reads a whole file into memory.
///
/// - Throws: ``FileError/missing(path:)``, ``FileError/cannotRead(path:reason:)`` or
///   ``FileError/tooLarge(path:largest:)``.
public func readFile(_ path: String, as kind: FileKind = .data) throws -> [UInt8] {
  let file = FileSystem.descriptor(of: path, O_RDONLY)
  guard file >= 0 else {
    if errno == ENOENT { throw FileError.missing(path: path) }
    throw FileError.cannotRead(path: path, reason: errno)
  }
  defer { close(file) }
  guard let status = FileSystem.status(of: file) else {
    throw FileError.cannotRead(path: path, reason: errno)
  }
  guard status.st_mode & S_IFMT != S_IFDIR else {
    throw FileError.cannotRead(path: path, reason: EISDIR)
  }
  let isRegular = status.st_mode & S_IFMT == S_IFREG
  let largest = isRegular ? kind.largestSize : min(kind.largestSize, FileKind.largestStream)
  guard status.st_size <= largest else {
    throw FileError.tooLarge(path: path, largest: largest)
  }
  // A pipe says it has no bytes; a file may grow while it is read. Both end at a short read.
  var bytes = try readSome(of: file, room: max(Int(status.st_size), 1 << 16), path: path)
  var isAtEnd = bytes.isEmpty
  while !isAtEnd {
    let more = try readSome(of: file, room: 1 << 20, path: path)
    bytes += more
    isAtEnd = more.isEmpty
    guard bytes.count <= largest else { throw FileError.tooLarge(path: path, largest: largest) }
  }
  return bytes
}

/// What one call of `read` gives; nothing at the end.
private func readSome(of file: Int32, room: Int, path: String) throws -> [UInt8] {
  guard let bytes = FileSystem.readSome(of: file, count: room) else {
    throw FileError.cannotRead(path: path, reason: errno)
  }
  return bytes
}
