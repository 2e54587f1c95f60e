/// A curve over an axis that begins at zero, in characters: dots of Braille patterns where the
/// terminal shows Unicode, asterisks elsewhere.
struct TerminalCurve {
  /// What stands above the vertical axis and below the horizontal one.
  let yTitle: String
  let xTitle: String
  /// What the last point is worth on the horizontal axis, as text.
  let xEnd: String
  private let terminal: Terminal
  /// In characters, without axes.
  private let columns: Int
  /// An odd number, so that the middle has one.
  private let rows = 13
  private let labels: [String]
  private let labelWidth: Int
  private let top: Double
  /// The dots of a character, across and down.
  private let cell: (width: Int, height: Int)

  /// - Parameter top: the highest value there can be, above zero.
  init(top: Double, yTitle: String, xTitle: String, xEnd: String, terminal: Terminal) {
    self.top = top
    self.yTitle = yTitle
    self.xTitle = xTitle
    self.xEnd = xEnd
    self.terminal = terminal
    cell = terminal.allowsUnicode ? (2, 4) : (1, 1)
    labels = ["\(top)", "\(top / 2)", "0"]
    labelWidth = labels.map(\.count).max() ?? 0
    columns = max(10, min(terminal.width, 80) - labelWidth - 4)
  }

  /// The points that the curve should have, one a column of dots.
  var pointCount: Int { columns * cell.width }

  /// The chart's lines.
  func text(_ values: [Double]) -> String {
    let (axis, tick, line) = terminal.allowsUnicode ? ("│", "┤", "─") : ("|", "+", "-")
    let style = Style(terminal)
    let indent = String(repeating: " ", count: labelWidth + 2)
    var text = yTitle + "\n"
    for (row, curve) in curve(values).enumerated() {
      let label = row % (rows / 2) == 0 ? labels[row / (rows / 2)] : ""
      text += label.filled(left: labelWidth) + " " + (label.isEmpty ? axis : tick)
      text += style(.green, curve.withoutTrailingSpace) + "\n"
    }
    let corner = terminal.allowsUnicode ? "└" : "+"
    text += "".filled(left: labelWidth + 1) + corner
    text += String(repeating: line, count: columns) + "\n"
    text += indent + "0" + xEnd.filled(left: columns - 1) + "\n"
    let margin = (columns - xTitle.columnCount) / 2
    return text + indent + String(repeating: " ", count: max(0, margin)) + xTitle + "\n"
  }

  /// The rows of characters, from the top.
  private func curve(_ values: [Double]) -> [String] {
    let height = rows * cell.height
    var isSet = [[Bool]](
      repeating: [Bool](repeating: false, count: columns * cell.width), count: height)
    var last: Int?
    for (column, value) in values.prefix(columns * cell.width).enumerated() {
      let share = min(max(value / top, 0), 1)
      let dot = Int((share * Double(height - 1)).rounded())
      // A jump is drawn as a line.
      for y in min(dot, last ?? dot)...max(dot, last ?? dot) {
        isSet[height - 1 - y][column] = true
      }
      last = dot
    }
    return (0..<rows).map { row in
      (0..<columns).map { character(isSet, row: row, column: $0) }.joined()
    }
  }

  /// A character's dots. The bits of a Braille pattern stand for its two columns, from the top.
  private func character(_ isSet: [[Bool]], row: Int, column: Int) -> String {
    guard terminal.allowsUnicode else { return isSet[row][column] ? "*" : " " }
    let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    var pattern: UInt32 = 0
    for y in 0..<4 {
      for x in 0..<2 where isSet[4 * row + y][2 * column + x] { pattern |= bits[y][x] }
    }
    return pattern == 0 ? " " : UnicodeScalar(0x2800 + pattern).map { String($0) } ?? " "
  }
}
