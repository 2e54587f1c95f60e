import Platform
import Support

/// A file to which any number of processes append lines, and from which each learns what the others
/// did.
///
/// A line is written whole, under a lock, and is on the disk before the lock is given back. The
/// last line of a file may be torn, by a crash or a full disk; it is dropped and written over.
final class Journal {
  let path: String
  /// What was dropped, a sentence each.
  private(set) var notes: [String] = []
  private let file: Int32
  /// How far the file has been read: the end of the last whole line.
  private var position = 0
  private var lineCount = 0

  /// Opens the file; creates it if there is none and it is not only read.
  ///
  /// - Throws: ``FileError``.
  init(path: String, readOnly: Bool = false) throws {
    self.path = path
    let flags = readOnly ? O_RDONLY : O_RDWR | O_CREAT
    file = open(path, flags | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      if readOnly {
        throw errno == ENOENT
          ? FileError.missing(path: path) : FileError.cannotRead(path: path, reason: errno)
      }
      throw FileError.cannotCreate(path: path, reason: errno)
    }
  }

  deinit { close(file) }

  /// Reads what is new.
  ///
  /// - Throws: ``FileError`` or ``JournalError``.
  func readNew() throws -> [JSONObject] {
    try locked(LOCK_SH) { try readLines() }
  }

  /// Reads what is new, and appends what `decide` answers to it, while nobody else does either.
  ///
  /// - Throws: ``FileError`` or ``JournalError``, and what `decide` throws; then nothing is written.
  func append(_ decide: ([JSONObject]) throws -> [JSONObject]) throws {
    try locked(LOCK_EX) {
      let answer = try decide(try readLines()).flatMap(JournalLine.encode)
      guard !answer.isEmpty else { return }
      try write(answer)
      position += answer.count
      lineCount += answer.count { $0 == UInt8(ascii: "\n") }
    }
  }

  private func locked<Result>(_ kind: Int32, _ body: () throws -> Result) throws -> Result {
    while flock(file, kind) != 0 {
      guard errno == EINTR else { throw JournalError.cannotLock(path: path, reason: errno) }
    }
    defer { flock(file, LOCK_UN) }
    return try body()
  }

  private func write(_ bytes: [UInt8]) throws {
    // Goes over a torn line; nobody can be writing it any more.
    guard ftruncate(file, off_t(position)) == 0 else { throw failure }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(file, $0.baseAddress! + written, bytes.count - written, off_t(position + written))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw undone(failure) }
      written += count
    }
    guard fsync(file) == 0 else { throw undone(failure) }
  }

  private var failure: FileError { .cannotWrite(path: path, reason: errno) }

  /// Takes back what was written of an answer that could not be written whole.
  private func undone(_ error: FileError) -> FileError {
    ftruncate(file, off_t(position))
    return error
  }
}

// Reading.
extension Journal {
  private func readLines() throws -> [JSONObject] {
    let bytes = try newBytes()
    var lines: [JSONObject] = []
    var start = bytes.startIndex
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      guard let object = JournalLine.decode(bytes[start..<end], path: path) else {
        guard end == bytes.endIndex - 1 else { throw damage("its checksum does not fit") }
        break
      }
      lines.append(object)
      lineCount += 1
      start = end + 1
    }
    position += start
    if start < bytes.endIndex { noteTornLine() }
    return lines
  }

  /// The error of the line after the last good one.
  func damage(_ reason: String, linesBack: Int = 0) -> JournalError {
    .damagedLine(path: path, line: lineCount + 1 - linesBack, reason: reason)
  }

  private func noteTornLine() {
    let note = "\(path): line \(lineCount + 1), the last, was not written whole and is dropped"
    if !notes.contains(note) { notes.append(note) }
  }

  private func newBytes() throws -> [UInt8] {
    var status = stat()
    guard fstat(file, &status) == 0 else { throw FileError.cannotRead(path: path, reason: errno) }
    let count = Int(status.st_size) - position
    guard count >= 0 else { throw damage("the file has become shorter") }
    var got = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while got < count {
        let part = pread(file, buffer.baseAddress! + got, count - got, off_t(position + got))
        if part < 0, errno == EINTR { continue }
        guard part > 0 else { break }
        got += part
      }
      initialized = got
    }
    guard got == count else { throw FileError.cannotRead(path: path, reason: errno) }
    return bytes
  }
}
