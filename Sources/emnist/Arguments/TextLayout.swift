import Support

/// Plain text for a terminal of 80 columns.
enum TextLayout {
  static let width = 80

  /// The words of `text` in lines of at most `width` characters; a longer word gets its own line.
  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  /// The width of the left column that fits `cells`; those wider than `limit` do not count.
  static func columnWidth(_ cells: [String], limit: Int = 26) -> Int {
    cells.map(\.count).filter { $0 <= limit }.max() ?? limit
  }

  /// Two columns under an indent of two, the right one wrapped. A left cell wider than `left`
  /// gets a line of its own.
  static func columns(_ rows: [(left: String, right: String)], left: Int) -> String {
    let margin = 2 + left + 2
    return rows.map { row in
      let right = wrapped(row.right, width: width - margin)
      let head = "  " + row.left
      if row.left.count > left {
        return ([head] + right.map { String(repeating: " ", count: margin) + $0 })
          .joined(separator: "\n") + "\n"
      }
      let rest = right.dropFirst().map { String(repeating: " ", count: margin) + $0 }
      return ([head.padded(right: margin) + (right.first ?? "")] + rest)
        .joined(separator: "\n") + "\n"
    }.joined()
  }
}
