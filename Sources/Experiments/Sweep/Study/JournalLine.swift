import CZlib
import Support

/// A line of a journal: a JSON object whose last member is the CRC-32 of all before it.
///
///     {"event":"report","trial":3,"epoch":1,"value":0.4,"crc32":"0badcafe"}
enum JournalLine {
  private static let marker = Array(#","crc32":""#.utf8)
  /// Bytes from the marker to the end: eight digits, a quote and a brace.
  private static let tailCount = marker.count + 10

  /// The line of an object, with its line break.
  static func encode(_ object: JSONObject) -> [UInt8] {
    var bytes = Array(JSONValue.object(object).text().utf8.dropLast())
    let digits = String(checksum(bytes[...]), radix: 16)
    bytes += marker
    bytes += Array((String(repeating: "0", count: 8 - digits.count) + digits + "\"}\n").utf8)
    return bytes
  }

  /// The object of a line without its line break; `nil` if the checksum is wrong or missing.
  static func decode(_ line: ArraySlice<UInt8>, path: String) -> JSONObject? {
    guard line.count > tailCount, line.last == UInt8(ascii: "}") else { return nil }
    let body = line.dropLast(tailCount)
    let tail = line.suffix(tailCount)
    guard tail.starts(with: marker),
      let stored = UInt32(
        String(decoding: tail.dropFirst(marker.count).prefix(8), as: UTF8.self),
        radix: 16), stored == checksum(body)
    else { return nil }
    return try? JSONValue(parsing: Array(body) + [UInt8(ascii: "}")], path: path).object
  }

  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBytes {
      UInt32(crc32(0, $0.bindMemory(to: UInt8.self).baseAddress, uInt($0.count)))
    }
  }
}
