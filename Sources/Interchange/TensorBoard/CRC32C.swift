/// Castagnoli's cyclic redundancy check, reflected, as TensorFlow's records have it.
///
/// Castagnoli, Bräuer and Herrmann, "Optimization of cyclic redundancy-check codes with 24 and 32
/// parity bits", 1993; Williams, "A painless guide to CRC error detection algorithms", 1993.
enum CRC32C {
  private static let table = (0..<256).map { byte in
    var rest = UInt32(byte)
    for _ in 0..<8 {
      let isOdd = rest & 1 == 1
      rest >>= 1
      if isOdd { rest ^= 0x82F6_3B78 }
    }
    return rest
  }

  static func checksum(of bytes: [UInt8]) -> UInt32 {
    var rest = UInt32.max
    for byte in bytes {
      let index = UInt8(truncatingIfNeeded: rest) ^ byte
      rest = rest >> 8 ^ table[Int(index)]
    }
    return ~rest
  }

  /// Rotated and shifted, so that a checksum of data which holds checksums is no weaker.
  static func masked(_ bytes: [UInt8]) -> UInt32 {
    let checksum = checksum(of: bytes)
    return (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
  }
}
