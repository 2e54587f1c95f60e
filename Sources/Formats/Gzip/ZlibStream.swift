import CZlib

/// zlib's state of one compressed stream, with the pointers that zlib wants kept here.
final class ZlibStream {
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
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = inflateInit2_(
      stream, frame.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib cannot start: \(status)")
  }

  deinit {
    inflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// Begins anew behind the end of a stream.
  func reset() { inflateReset(stream) }

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
    let status = input.withUnsafeBufferPointer { bytes in
      stream.pointee.next_in = bytes.baseAddress.map {
        UnsafeMutablePointer(mutating: $0 + position)
      }
      stream.pointee.avail_in = UInt32(supply)
      stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_out = UInt32(room)
      return inflate(stream, Z_NO_FLUSH)
    }
    position += supply - Int(stream.pointee.avail_in)
    return (room - Int(stream.pointee.avail_out), status)
  }

  /// What zlib says about `status`.
  func reason(_ status: Int32) -> String {
    stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)"
  }
}
