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
