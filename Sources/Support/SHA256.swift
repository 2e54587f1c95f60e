import CDigest

/// The hash function SHA-256 (NIST, FIPS 180-4).
public enum SHA256 {
  /// The hash of `bytes` in 64 hexadecimal digits.
  public static func hexadecimal(_ bytes: [UInt8]) -> String {
    var digest = Digest(.sha256)
    digest.update(bytes)
    return digest.hexadecimal
  }

  /// The hash of UTF-8 text in 64 hexadecimal digits.
  public static func hexadecimal(text: String) -> String { hexadecimal(Array(text.utf8)) }

  /// The first 32 bits of the fractions of the square roots of the first 8 primes.
  static let start: [UInt32] = [
    0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB,
    0x5BE0_CD19,
  ]

  /// Takes whole blocks of 64 bytes into the eight words of the state.
  static func mix(_ blocks: RawSpan, into state: inout [UInt32]) {
    // The C function takes two addresses and a count, and keeps none of them.
    unsafe blocks.withUnsafeBytes { bytes in
      guard let address = bytes.baseAddress else { return }
      unsafe sha256_blocks(
        &state, address.assumingMemoryBound(to: UInt8.self), bytes.count / 64)
    }
  }
}
