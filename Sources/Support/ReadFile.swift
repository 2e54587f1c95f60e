import Platform

/// Reads a whole file into memory.
///
/// - Throws: ``FileError/missing(path:)`` or ``FileError/cannotRead(path:reason:)``.
public func readFile(_ path: String) throws -> [UInt8] {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else {
    if errno == ENOENT { throw FileError.missing(path: path) }
    throw FileError.cannotRead(path: path, reason: errno)
  }
  defer { close(file) }
  var status = stat()
  guard fstat(file, &status) == 0 else { throw FileError.cannotRead(path: path, reason: errno) }
  guard status.st_mode & S_IFMT != S_IFDIR else {
    throw FileError.cannotRead(path: path, reason: EISDIR)
  }
  var bytes: [UInt8] = []
  // A pipe says it has no bytes; a file may grow while it is read. Both end at a short read.
  var room = max(Int(status.st_size), 1 << 16)
  while true {
    let count = try appendBytes(from: file, room: room, to: &bytes, path: path)
    if count == 0 { return bytes }
    room = 1 << 16
  }
}

private func appendBytes(
  from file: Int32, room: Int, to bytes: inout [UInt8], path: String
) throws -> Int {
  let start = bytes.count
  var got = 0
  bytes.append(contentsOf: repeatElement(0, count: room))
  bytes.withUnsafeMutableBytes { buffer in
    repeat {
      got = read(file, buffer.baseAddress! + start, room)
    } while got < 0 && errno == EINTR
  }
  bytes.removeLast(room - max(got, 0))
  guard got >= 0 else { throw FileError.cannotRead(path: path, reason: errno) }
  return got
}
