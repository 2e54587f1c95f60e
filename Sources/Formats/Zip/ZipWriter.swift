import CZlib

/// Writes a zip archive: the same files make the same bytes, since none has a time.
///
/// Members are stored or deflated. What does not fit 32 bits gets zip64's numbers.
public struct ZipWriter {
  /// The local headers and data so far.
  private var body: [UInt8] = []
  private var directory: [UInt8] = []
  private var count = 0

  public init() {}

  /// Adds a file.
  ///
  /// - Parameter level: from 1 (quick) to 9 (small); 0 stores the bytes as they are.
  public mutating func add(_ name: String, _ bytes: [UInt8], level: Int = 0) {
    let data = level == 0 ? bytes : Deflate.compress(bytes, level: level)
    let offset = body.count
    // Both sizes in the local header, those and the place in the directory.
    let isLarge = max(bytes.count, data.count, offset) >= 0xFFFF_FFFF
    let fields = common(
      method: level == 0 ? 0 : 8, checksum: bytes.checksum, data.count, bytes.count, name,
      isLarge: isLarge, extraSize: isLarge ? 20 : 0)
    body += bytes4(0x0403_4B50) + fields + Array(name.utf8)
    let sizes = bytes8(bytes.count) + bytes8(data.count)
    if isLarge { body += bytes2(1) + bytes2(16) + sizes }
    body += data
    // Made by version 4.5 on Unix, whose mode is in the upper half of the attributes.
    directory += bytes4(0x0201_4B50) + bytes2(3 << 8 | 45)
    directory += common(
      method: level == 0 ? 0 : 8, checksum: bytes.checksum, data.count, bytes.count, name,
      isLarge: isLarge, extraSize: isLarge ? 28 : 0)
    directory += bytes2(0) + bytes2(0) + bytes2(0) + bytes4(0o100644 << 16)
    directory += bytes4(isLarge ? 0xFFFF_FFFF : offset) + Array(name.utf8)
    if isLarge { directory += bytes2(1) + bytes2(24) + sizes + bytes8(offset) }
    count += 1
  }

  /// What local header and directory have in common: from the version to the extra field's size.
  private func common(
    method: Int, checksum: UInt32, _ compressed: Int, _ size: Int, _ name: String, isLarge: Bool,
    extraSize: Int
  ) -> [UInt8] {
    // Bit 11: the name is UTF-8. The date 0x0021 is 1 January 1980.
    bytes2(isLarge ? 45 : 20) + bytes2(1 << 11) + bytes2(method) + bytes2(0) + bytes2(0x0021)
      + bytes4(Int(checksum)) + bytes4(isLarge ? 0xFFFF_FFFF : compressed)
      + bytes4(isLarge ? 0xFFFF_FFFF : size) + bytes2(name.utf8.count) + bytes2(extraSize)
  }

  /// The archive with everything that was added.
  public consuming func finished() -> [UInt8] {
    let (start, size) = (body.count, directory.count)
    body += directory
    if max(start, size) >= 0xFFFF_FFFF || count >= 0xFFFF {
      let place = body.count
      body += bytes4(0x0606_4B50) + bytes8(44) + bytes2(45) + bytes2(45) + bytes4(0) + bytes4(0)
      body += bytes8(count) + bytes8(count) + bytes8(size) + bytes8(start)
      body += bytes4(0x0706_4B50) + bytes4(0) + bytes8(place) + bytes4(1)
    }
    let shortCount = min(count, 0xFFFF)
    body += bytes4(0x0605_4B50) + bytes2(0) + bytes2(0) + bytes2(shortCount) + bytes2(shortCount)
    body += bytes4(min(size, 0xFFFF_FFFF)) + bytes4(min(start, 0xFFFF_FFFF)) + bytes2(0)
    return body
  }
}

private func bytes2(_ value: Int) -> [UInt8] { littleEndian(value, 2) }
private func bytes4(_ value: Int) -> [UInt8] { littleEndian(value, 4) }
private func bytes8(_ value: Int) -> [UInt8] { littleEndian(value, 8) }

private func littleEndian(_ value: Int, _ size: Int) -> [UInt8] {
  (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}
