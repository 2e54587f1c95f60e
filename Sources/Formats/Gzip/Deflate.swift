import CZlib

extension Gzip {
  /// Compresses `bytes` into one gzip member without name and time, so that equal bytes make
  /// equal files.
  ///
  /// - Parameter level: from 1 (quick) to 9 (small).
  public static func compress(_ bytes: [UInt8], level: Int = 6) -> [UInt8] {
    Deflate.compress(bytes, level: level, frame: .gzip)
  }
}

/// Deflate (RFC 1951) through zlib.
///
/// zlib takes addresses with the bytes that are there, and is done with them when a call returns; its
/// state stays at one place as long as it is in use.
enum Deflate {
  /// Compresses `bytes`; `level` is from 1 (quick) to 9 (small).
  static func compress(
    _ bytes: [UInt8], level: Int, frame: ZlibStream.Frame = .raw
  ) -> [UInt8] {
    precondition((1...9).contains(level), "compress: level \(level) is not 1 to 9")
    var stream = unsafe z_stream()
    let status = unsafe deflateInit2_(
      &stream, Int32(level), Z_DEFLATED, frame.rawValue, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib cannot start: \(status)")
    defer { unsafe deflateEnd(&stream) }
    let bound = unsafe Int(deflateBound(&stream, UInt(bytes.count)))
    return unsafe Array(unsafeUninitializedCapacity: bound) { output, written in
      written = unsafe bytes.withUnsafeBufferPointer {
        unsafe deflateAll($0, into: output, &stream)
      }
    }
  }

  /// Feeds zlib in pieces, because it counts in 32 bits.
  private static func deflateAll(
    _ bytes: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>,
    _ stream: inout z_stream
  ) -> Int {
    var (read, written) = (0, 0)
    while true {
      let supply = min(bytes.count - read, 1 << 30)
      let room = min(output.count - written, 1 << 30)
      unsafe stream.next_in = bytes.baseAddress.map {
        unsafe UnsafeMutablePointer(mutating: $0 + read)
      }
      unsafe stream.avail_in = UInt32(supply)
      unsafe stream.next_out = output.baseAddress.map { unsafe $0 + written }
      unsafe stream.avail_out = UInt32(room)
      let status = unsafe deflate(&stream, read + supply == bytes.count ? Z_FINISH : Z_NO_FLUSH)
      read += unsafe supply - Int(stream.avail_in)
      written += unsafe room - Int(stream.avail_out)
      if status == Z_STREAM_END { return written }
      precondition(status == Z_OK, "zlib cannot compress: \(status)")
    }
  }
}

/// zlib's state of one compressed stream, with the pointers that zlib wants kept here.
///
/// Safe for whoever uses it: the state lives as long as the object, and zlib uses the addresses of
/// input and output, which come with their sizes, only while a call lasts.
@safe final class ZlibStream {
  /// What frames the deflate data; the raw value is what zlib's `windowBits` says of it, with 15
  /// for the largest window.
  enum Frame: Int32 {
    /// Nothing, as within a zip (RFC 1951).
    case raw = -15
    /// Two bytes before and an Adler-32 behind (RFC 1950).
    case zlib = 15
    /// A gzip member (RFC 1952).
    case gzip = 31
  }

  /// Lives on the heap because zlib remembers the address of its stream.
  private let stream: UnsafeMutablePointer<z_stream>

  init(_ frame: Frame) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let status = unsafe inflateInit2_(
      stream, frame.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib cannot start: \(status)")
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deinitialize(count: 1)
    unsafe stream.deallocate()
  }

  /// Begins anew behind the end of a stream.
  func reset() { unsafe inflateReset(stream) }

  /// Decompresses from `input`, from `position` on, which moves, until `output` is full or zlib
  /// needs something.
  ///
  /// - Returns: the number of bytes written, and zlib's status.
  func inflateOnce(
    _ input: [UInt8], _ position: inout Int, into output: UnsafeMutableRawBufferPointer
  ) -> (written: Int, status: Int32) {
    // zlib counts in 32 bits.
    let room = min(output.count, 1 << 30)
    let supply = min(input.count - position, 1 << 30)
    let status = unsafe input.withUnsafeBufferPointer { bytes in
      unsafe stream.pointee.next_in = bytes.baseAddress.map {
        unsafe UnsafeMutablePointer(mutating: $0 + position)
      }
      unsafe stream.pointee.avail_in = UInt32(supply)
      unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
      unsafe stream.pointee.avail_out = UInt32(room)
      return unsafe inflate(stream, Z_NO_FLUSH)
    }
    position += unsafe supply - Int(stream.pointee.avail_in)
    return unsafe (room - Int(stream.pointee.avail_out), status)
  }

  /// What zlib says about `status`.
  func reason(_ status: Int32) -> String {
    unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "zlib status \(status)"
  }
}

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
