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
///   ``FileError/tooLarge(path:largest:)``; ``FileError/nobodyWrites(path:)`` for a pipe.
public func readFile(_ path: String, as kind: FileKind = .data) throws -> [UInt8] {
  // Opening a named pipe would wait until somebody else opens it too.
  let file = FileSystem.descriptor(of: path, O_RDONLY | O_NONBLOCK)
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
  let isPipe = status.st_mode & S_IFMT == S_IFIFO
  var bytes = isPipe ? try firstBytes(of: file, path: path) : []
  FileSystem.letWait(file)
  if !isPipe { bytes = try readSome(of: file, room: max(Int(status.st_size), 1 << 16), path: path) }
  var isAtEnd = bytes.isEmpty && !isPipe
  while !isAtEnd {
    let more = try readSome(of: file, room: 1 << 20, path: path)
    bytes += more
    isAtEnd = more.isEmpty
    guard bytes.count <= largest else { throw FileError.tooLarge(path: path, largest: largest) }
  }
  return bytes
}

/// What a pipe holds once somebody has opened its other end, where that is soon; from then on reading
/// may wait.
private func firstBytes(of pipe: Int32, path: String) throws -> [UInt8] {
  for _ in 0..<100 {
    guard let bytes = FileSystem.readSome(of: pipe, count: 1 << 16) else {
      if errno == EAGAIN { return [] }
      throw FileError.cannotRead(path: path, reason: errno)
    }
    if !bytes.isEmpty { return bytes }
    usleep(50_000)
  }
  throw FileError.nobodyWrites(path: path)
}

/// What one call of `read` gives; nothing at the end.
private func readSome(of file: Int32, room: Int, path: String) throws -> [UInt8] {
  guard let bytes = FileSystem.readSome(of: file, count: room) else {
    throw FileError.cannotRead(path: path, reason: errno)
  }
  return bytes
}
