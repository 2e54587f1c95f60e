import CZlib

/// Deflate data without gzip's frame, decompressed piece by piece.
final class InflateStream {
  private let input: [UInt8]
  private let stream: ZlibStream
  /// Whether `input` is only the start of the data, so that its end is no error.
  private let isCutShort: Bool
  private var position = 0
  private var isFinished = false

  init(_ input: [UInt8], _ frame: ZlibStream.Frame, isCutShort: Bool = false) {
    self.input = input
    self.isCutShort = isCutShort
    stream = ZlibStream(frame)
  }

  /// Fills `output` and returns how many bytes were written: fewer only at the end of the data.
  ///
  /// - Throws: ``InflateError``.
  func read(into output: UnsafeMutableRawBufferPointer) throws -> Int {
    var written = 0
    while written < output.count, !isFinished {
      // The rest of the output, whose size goes with it.
      let (count, status) = unsafe stream.inflateOnce(
        input, &position, into: UnsafeMutableRawBufferPointer(rebasing: output[written...]))
      written += count
      switch status {
      case Z_OK: break
      case Z_STREAM_END: isFinished = true
      case Z_BUF_ERROR where isCutShort: return written
      case Z_BUF_ERROR: throw InflateError(reason: "it breaks off")
      default: throw InflateError(reason: stream.reason(status))
      }
    }
    return written
  }

  /// The next `count` bytes, or fewer at the end of the data.
  ///
  /// - Throws: ``InflateError``.
  func array(upTo count: Int) throws -> [UInt8] {
    // What `read` says it wrote is there.
    try unsafe Array(unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = try unsafe read(into: UnsafeMutableRawBufferPointer(buffer))
    }
  }

  /// Whether nothing is left, neither of the data nor behind them.
  ///
  /// - Throws: ``InflateError``.
  func isAtEnd() throws -> Bool {
    let next = try array(upTo: 1)
    return next.isEmpty && isFinished && position == input.count
  }
}

/// Deflate data that cannot be decompressed.
struct InflateError: Error {
  let reason: String
}
