import CZlib
import Support

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
