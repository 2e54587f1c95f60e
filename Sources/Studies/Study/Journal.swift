import Interchange
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
  /// What begins otherwise was written by somebody else, and is not to be written over.
  private let start: [UInt8]
  private let file: Int32
  /// How far the file has been read: the end of the last whole line.
  private var position = 0
  private var lineCount = 0

  /// Opens the file; creates it if there is none and it is not only read.
  ///
  /// - Parameter start: the first bytes of any file of this kind.
  /// - Throws: ``FileError``.
  init(path: String, start: [UInt8] = [], readOnly: Bool = false) throws {
    (self.path, self.start) = (path, start)
    let isNew = !readOnly && !FileSystem.exists(path)
    let flags = readOnly ? O_RDONLY : O_RDWR | O_CREAT | O_NOFOLLOW
    file = FileSystem.descriptor(of: path, flags)
    guard file >= 0 else {
      if readOnly {
        throw errno == ENOENT
          ? FileError.missing(path: path) : FileError.cannotRead(path: path, reason: errno)
      }
      throw FileError.cannotCreate(path: path, reason: errno)
    }
    if isNew { FileSystem.flushDirectory(FileSystem.directory(of: path)) }
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
    guard FileSystem.write(bytes.span, to: file, at: position) else { throw undone(failure) }
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
    if position == 0, !zip(bytes, start).allSatisfy(==) { throw JournalError.foreign(path: path) }
    var lines: [JSONObject] = []
    var start = bytes.startIndex
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      guard let object = JournalLine.decode(bytes[start..<end], path: path) else {
        try checkBreak(within: bytes[start..<end])
        guard end == bytes.endIndex - 1 else { throw damage("its checksum does not fit") }
        break
      }
      lines.append(object)
      lineCount += 1
      start = end + 1
    }
    if start < bytes.endIndex {
      try checkBreak(within: bytes[start...])
      noteTornLine()
    }
    position += start
    return lines
  }

  /// A line that was not written whole has no whole one within it: that one's line break is damaged.
  private func checkBreak(within rest: ArraySlice<UInt8>) throws {
    guard let count = JournalLine.wholeLineCount(in: rest, path: path) else { return }
    throw JournalError.damagedBreak(
      path: path, line: lineCount + 1, offset: position + rest.startIndex + count)
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
    guard let status = FileSystem.status(of: file) else {
      throw FileError.cannotRead(path: path, reason: errno)
    }
    // Lines that nobody will ever find are none.
    guard status.st_nlink > 0 else { throw JournalError.removed(path: path) }
    let count = Int(status.st_size) - position
    guard count >= 0 else { throw damage("the file has become shorter") }
    let bytes = FileSystem.read(file, position..<position + count)
    guard let bytes, bytes.count == count else {
      throw FileError.cannotRead(path: path, reason: bytes == nil ? errno : EIO)
    }
    return bytes
  }
}

/// A line of a journal: a JSON object whose last member is the CRC-32 of all before it.
///
///     {"event":"report","trial":3,"epoch":1,"value":0.4,"crc32":"0badcafe"}
enum JournalLine {
  private static let marker = Array(#","crc32":""#.utf8)
  /// Bytes from the marker to the end: eight digits, a quote and a brace.
  private static let tailCount = marker.count + 10

  /// The line of an object, with its line break.
  static func encode(_ object: JSONObject) -> [UInt8] {
    let body = Array(JSONValue.object(object).text().utf8.dropLast())
    return body + tail(body[...]) + [UInt8(ascii: "\n")]
  }

  /// The object of a line without its line break; `nil` if the checksum is wrong or missing.
  static func decode(_ line: ArraySlice<UInt8>, path: String) -> JSONObject? {
    guard line.count > tailCount else { return nil }
    let body = line.dropLast(tailCount)
    guard line.suffix(tailCount).elementsEqual(tail(body)) else { return nil }
    return try? JSONValue(parsing: Array(body) + [UInt8(ascii: "}")], path: path).object
  }

  /// The bytes of a whole line that others follow without a line break, if there is one.
  static func wholeLineCount(in bytes: ArraySlice<UInt8>, path: String) -> Int? {
    bytes.indices.dropFirst(tailCount).first { end in
      bytes[end - 1] == UInt8(ascii: "}") && bytes[(end - tailCount)...].starts(with: marker)
        && decode(bytes[bytes.startIndex..<end], path: path) != nil
    }.map { $0 - bytes.startIndex }
  }

  /// What stands behind a line's members.
  private static func tail(_ body: ArraySlice<UInt8>) -> [UInt8] {
    marker + Array(CRC32.digits(Array(body)).utf8) + [UInt8(ascii: "\""), UInt8(ascii: "}")]
  }
}

/// A journal that cannot be continued.
public enum JournalError: UserError, Equatable {
  /// A line that is not what was written, with others behind it. Lines count from 1.
  case damagedLine(path: String, line: Int, reason: String)
  /// A line that is whole, counted from 1, with another byte than a line break behind it.
  case damagedBreak(path: String, line: Int, offset: Int)
  case cannotLock(path: String, reason: Int32)
  /// Somebody has removed the file that this process has open.
  case removed(path: String)
  /// The journal is of a sweep whose file differs in this key.
  case otherSweep(path: String, key: String)
  /// The journal is of the same sweep on other images.
  case otherData(path: String)
  /// The file is none that a sweep wrote.
  case foreign(path: String)

  public var exitCode: ExitCode {
    switch self {
    case .damagedLine, .damagedBreak, .otherData, .foreign: .dataError
    case .cannotLock, .removed: .ioError
    case .otherSweep: .configuration
    }
  }

  public var description: String {
    switch self {
    case .damagedLine(let path, let line, let reason):
      "\(path): line \(line) is damaged: \(reason); restore the file from a copy, or remove the "
        + "line if its trial may be lost"
    case .damagedBreak(let path, let line, let offset):
      "\(path): line \(line) is whole, but byte \(offset) behind it is no line break; "
        + "put one there, or restore the file from a copy"
    case .cannotLock(let path, let reason):
      "\(path): cannot be locked: \(FileSystem.text(ofError: reason)); "
        + "put the study on a file system that has locks"
    case .removed(let path):
      "\(path): was removed while trials ran; begin the study anew"
    case .otherSweep(let path, let key):
      "\(path): belongs to another sweep: '\(key)' differs"
    case .otherData(let path):
      "\(path): belongs to a sweep on other training images or labels"
    case .foreign(let path):
      "\(path): is not the journal of a sweep"
    }
  }
}
