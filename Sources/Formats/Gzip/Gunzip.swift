import CZlib
import Support

/// Gzip (RFC 1952) through zlib.
public enum Gzip {
  /// The most that a file may decompress to, in bytes: ten million images of 28 × 28 and a header.
  public static let largestOutput = 16 + 784 * 10_000_000

  /// Whether `bytes` start like gzip data. A file's name says nothing: browsers decompress `.gz`
  /// files and leave their names alone.
  public static func isCompressed(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.prefix(2).elementsEqual([0x1F, 0x8B])
  }

  /// Decompresses all members of `bytes` and joins them.
  ///
  /// - Parameter path: the file's name in messages.
  /// - Throws: ``GzipError``, also if the result is longer than `limit` bytes.
  public static func inflate(
    _ bytes: [UInt8], path: String, limit: Int = largestOutput
  ) throws -> [UInt8] {
    let stream = try GunzipStream(bytes, path: path)
    var output: [UInt8] = []
    var pieceSize = max(1 << 16, bytes.count * 4)
    while true {
      let piece = try stream.array(upTo: pieceSize)
      guard stream.produced <= limit else { throw GzipError.tooLarge(path: path, limit: limit) }
      // The usual case is a single piece, which is then not copied.
      if output.isEmpty { output = piece } else { output += piece }
      if piece.count < pieceSize { return output }
      pieceSize = output.count
    }
  }

  /// Reads a whole file, decompressed if it is gzip data, from the disk or out of an archive.
  ///
  /// - Throws: ``FileError``, ``ZipError`` or ``GzipError``.
  public static func contents(of path: String) throws -> [UInt8] {
    try SourceFile(path).contents()
  }
}

/// A gzip file decompressed piece by piece, straight into the caller's memory.
///
/// Members that stand back to back are joined, as RFC 1952 has it; zlib checks the CRC-32 and the
/// length of each. Zero bytes after a member are padding, anything else is an error.
final class GunzipStream {
  private let path: String
  private let input: [UInt8]
  private let stream = ZlibStream(.gzip)
  private var position = 0
  private var isFinished = false
  /// The number of bytes decompressed so far.
  private(set) var produced = 0

  /// - Throws: ``GzipError/notGzip(path:)``; `path` is for messages only.
  init(_ input: [UInt8], path: String) throws {
    guard Gzip.isCompressed(input) else { throw GzipError.notGzip(path: path) }
    self.path = path
    self.input = input
  }

  /// Fills `output` and returns how many bytes were written: fewer only at the end of the data.
  ///
  /// - Throws: ``GzipError``.
  func read(into output: UnsafeMutableRawBufferPointer) throws -> Int {
    var written = 0
    while written < output.count, !isFinished {
      // The rest of the output, whose size goes with it.
      let (count, status) = unsafe stream.inflateOnce(
        input, &position, into: UnsafeMutableRawBufferPointer(rebasing: output[written...]))
      written += count
      produced += count
      try check(status)
    }
    return written
  }

  /// Decompresses and throws away the rest, which checks the last member's trailer too.
  ///
  /// - Returns: the number of bytes thrown away.
  /// - Throws: ``GzipError``.
  func drain(limit: Int = Gzip.largestOutput) throws -> Int {
    let start = produced
    // Only what is read is written there, and nothing looks at it.
    try unsafe withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { scratch in
      while try unsafe read(into: scratch) > 0 {
        guard produced <= limit else { throw GzipError.tooLarge(path: path, limit: limit) }
      }
    }
    return produced - start
  }

  private func check(_ status: Int32) throws {
    switch status {
    case Z_OK: return
    case Z_STREAM_END: try startNextMember()
    case Z_BUF_ERROR: throw GzipError.truncated(path: path, inflated: produced)
    default: throw damage(status)
    }
  }

  private func startNextMember() throws {
    let end = position
    while position < input.count, input[position] == 0 { position += 1 }
    if position == input.count {
      isFinished = true
    } else if Gzip.isCompressed(input[position...]) {
      stream.reset()
    } else {
      throw GzipError.trailingGarbage(path: path, byte: end, count: input.count - end)
    }
  }

  private func damage(_ status: Int32) -> GzipError {
    let reason = stream.reason(status)
    return switch reason {
    case "incorrect data check": .checksum(path: path, byte: position)
    case "incorrect length check": .length(path: path, byte: position)
    default: .corrupt(path: path, byte: position, reason: reason)
    }
  }
}

extension GunzipStream {
  /// The next `count` bytes, or fewer at the end of the data.
  func array(upTo count: Int) throws -> [UInt8] {
    // What `read` says it wrote is there.
    try unsafe Array(unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = try unsafe read(into: UnsafeMutableRawBufferPointer(buffer))
    }
  }
}

/// Gzip data that cannot be decompressed.
public enum GzipError: UserError, Equatable {
  case notGzip(path: String)
  case truncated(path: String, inflated: Int)
  case corrupt(path: String, byte: Int, reason: String)
  case checksum(path: String, byte: Int)
  case length(path: String, byte: Int)
  case trailingGarbage(path: String, byte: Int, count: Int)
  case tooLarge(path: String, limit: Int)

  public var exitCode: ExitCode { .dataError }

  public var description: String {
    switch self {
    case .notGzip(let path):
      "\(path): does not start with the gzip bytes 1F 8B; decompress it another way"
    case .truncated(let path, let inflated):
      "\(path): the gzip data breaks off after \(inflated) decompressed bytes; download it again"
    case .corrupt(let path, let byte, let reason):
      "\(path): the gzip data is damaged before byte \(byte) (\(reason)); download it again"
    case .checksum(let path, let byte):
      "\(path): the CRC-32 before byte \(byte) is not that of the decompressed bytes;"
        + " download it again"
    case .length(let path, let byte):
      "\(path): the length before byte \(byte) is not that of the decompressed bytes;"
        + " download it again"
    case .trailingGarbage(let path, let byte, let count):
      "\(path): the gzip data ends at byte \(byte), but \(count) more bytes follow that are no gzip"
        + " data; download it again"
    case .tooLarge(let path, let limit):
      "\(path): decompresses to more than \(limit) bytes, the most that is read; use a smaller file"
    }
  }
}
