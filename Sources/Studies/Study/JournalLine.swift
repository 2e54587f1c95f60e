import CZlib
import Support

/// A line of a journal: a JSON object whose last member is the CRC-32 of all before it.
///
///     {"event":"report","trial":3,"epoch":1,"value":0.4,"crc32":"0badcafe"}
enum JournalLine {
  private static let marker = Array(#","crc32":""#.utf8)
  private static let hexDigits = Array("0123456789abcdef".utf8)
  /// Bytes from the marker to the end: eight digits, a quote and a brace.
  private static let tailCount = marker.count + 10

  /// The line of an object, with its line break.
  static func encode(_ object: JSONObject) -> [UInt8] {
    let body = Array(JSONValue.object(object).text().utf8.dropLast())
    return body + tail(checksum(body[...])) + [UInt8(ascii: "\n")]
  }

  /// The object of a line without its line break; `nil` if the checksum is wrong or missing.
  static func decode(_ line: ArraySlice<UInt8>, path: String) -> JSONObject? {
    guard line.count > tailCount else { return nil }
    let body = line.dropLast(tailCount)
    guard line.suffix(tailCount).elementsEqual(tail(checksum(body))) else { return nil }
    return try? JSONValue(parsing: Array(body) + [UInt8(ascii: "}")], path: path).object
  }

  private static func tail(_ checksum: UInt32) -> [UInt8] {
    let digits = (0..<8).map { hexDigits[Int(checksum >> (28 - 4 * UInt32($0)) & 15)] }
    return marker + digits + [UInt8(ascii: "\""), UInt8(ascii: "}")]
  }

  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBytes {
      UInt32(crc32(0, $0.bindMemory(to: UInt8.self).baseAddress, uInt($0.count)))
    }
  }
}
