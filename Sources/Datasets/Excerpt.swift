extension Sequence<UInt8> {
  /// At most 40 bytes as a text for messages, with `?` for whatever is not printable ASCII, which
  /// might otherwise upset a terminal.
  var excerpt: String {
    String(decoding: prefix(40).map { (32...126).contains($0) ? $0 : 63 }, as: UTF8.self)
  }
}
