import CZlib
import Support

/// zlib's cyclic redundancy check, by which damage is noticed.
///
/// It finds every flipped bit and every damage within 32 bits, and misses one in four thousand
/// million others. A digest such as SHA-256 would also stand against malice, but takes several times
/// as long, and whoever changes a file on purpose can change the digest in it too.
public enum CRC32 {
  /// The check of `bytes`, as eight hexadecimal digits.
  public static func digits(_ bytes: [UInt8]) -> String {
    // zlib takes an address and a count, and keeps neither.
    let sum = unsafe bytes.withUnsafeBufferPointer { unsafe crc32_z(0, $0.baseAddress, $0.count) }
    let digits = String(sum, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// The check of a text's UTF-8.
  public static func digits(_ text: String) -> String { digits(Array(text.utf8)) }
}

extension JSONObject {
  private static let checksumKey = "crc32"

  /// The object with the check of all its members as another one.
  public var checksummed: JSONObject {
    var object = withoutChecksum
    object[Self.checksumKey] = .string(CRC32.digits(JSONValue.object(object).text()))
    return object
  }

  /// Whether its check is that of its other members. One without a check, as it was written before
  /// there were any, passes.
  public var fitsChecksum: Bool {
    guard let found = self[Self.checksumKey] else { return true }
    return found == checksummed[Self.checksumKey]
  }

  private var withoutChecksum: JSONObject {
    JSONObject(filter { $0.key != Self.checksumKey }.map { ($0.key, $0.value) })
  }
}
