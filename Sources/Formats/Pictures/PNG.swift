import CZlib

/// Portable Network Graphics: writes pictures of 8 bits a sample, without interlacing, and reads all
/// that the specification has.
///
/// The same pixels give the same bytes with the same zlib. W3C, "Portable Network Graphics (PNG)
/// Specification", third edition.
public enum PNG {
  /// A grey picture: `width` · `height` bytes, row by row from the top, 0 is black.
  public static func encode(gray: [UInt8], width: Int, height: Int) -> [UInt8] {
    encode(gray, width: width, height: height, channels: 1, colorType: 0)
  }

  /// A colour picture: three bytes a pixel, red, green and blue, row by row from the top.
  public static func encode(rgb: [UInt8], width: Int, height: Int) -> [UInt8] {
    encode(rgb, width: width, height: height, channels: 3, colorType: 2)
  }

  private static func encode(
    _ samples: [UInt8], width: Int, height: Int, channels: Int, colorType: UInt8
  ) -> [UInt8] {
    precondition(
      (1...Int(Int32.max)).contains(width) && (1...Int(Int32.max)).contains(height),
      "a PNG picture is 1 to 2^31 - 1 pixels wide and high, not \(width) × \(height)")
    precondition(
      samples.count == width * height * channels,
      "\(width) × \(height) pixels of \(channels) bytes do not make \(samples.count) bytes")
    var file = signature
    // Bit depth 8; compression, filter and interlace methods 0.
    let header = bigEndian(width) + bigEndian(height) + [8, colorType, 0, 0, 0]
    appendChunk("IHDR", header, to: &file)
    appendChunk("IDAT", deflated(rows(of: samples, rowSize: width * channels)), to: &file)
    appendChunk("IEND", [], to: &file)
    return file
  }

  /// The rows, each after the number of its filter: 0, none, which suits drawings.
  private static func rows(of samples: [UInt8], rowSize: Int) -> [UInt8] {
    var rows: [UInt8] = []
    rows.reserveCapacity(samples.count + samples.count / rowSize)
    for start in stride(from: 0, to: samples.count, by: rowSize) {
      rows.append(0)
      rows += samples[start..<start + rowSize]
    }
    return rows
  }

  private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var count = compressBound(uLong(bytes.count))
    // zlib writes no more than its bound, and says how much.
    return unsafe Array(unsafeUninitializedCapacity: Int(count)) { buffer, initialized in
      let status = unsafe compress2(
        buffer.baseAddress, &count, bytes, uLong(bytes.count), Z_BEST_COMPRESSION)
      precondition(status == Z_OK, "zlib cannot compress \(bytes.count) bytes: \(status)")
      initialized = Int(count)
    }
  }

  /// Length, type, data, and the CRC-32 of type and data.
  private static func appendChunk(_ type: String, _ data: [UInt8], to file: inout [UInt8]) {
    let body = Array(type.utf8) + data
    file += bigEndian(data.count) + body
    file += bigEndian(unsafe Int(crc32(0, body, uInt(body.count))))
  }

  private static func bigEndian(_ value: Int) -> [UInt8] {
    stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: UInt32(value) >> $0) }
  }
}
