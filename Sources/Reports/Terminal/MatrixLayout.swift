import Metrics

/// How a confusion matrix is laid out in so many columns:
///
///     label │cells…│ label  recall
struct MatrixLayout {
  enum Cells: Equatable {
    /// Counts, in cells of this width.
    case numbers(width: Int)
    /// Shades, in cells of this width.
    case shades(width: Int)
    /// Not even one character a class fits.
    case none(needed: Int)
  }

  let labels: [String]
  let labelWidth: Int
  let cells: Cells
  let showsRecall: Bool

  /// The recall takes 9 columns; a space before the right border of numbers one more.
  init(of matrix: ConfusionMatrix, width: Int) {
    let longest = matrix.labels.map(\.columnCount).max() ?? 1
    let count = matrix.classCount
    let digits = "\(matrix.rows.joined().max() ?? 0)".count
    // Long names are cut rather than the counts given up.
    for nameWidth in stride(from: min(longest, 12), through: min(longest, 4), by: -1) {
      let room = width - 2 * (nameWidth + 2) - 10
      guard room / count > digits else { continue }
      labels = matrix.labels
      labelWidth = nameWidth
      cells = .numbers(width: min(room / count, max(digits, longest) + 2, 8))
      showsRecall = true
      return
    }
    // Written downwards, a label must be of narrow characters and short; its number is both.
    let isNarrow = longest <= 3 && matrix.labels.allSatisfy { $0.count == $0.columnCount }
    labels = isNarrow ? matrix.labels : (0..<count).map { "\($0)" }
    labelWidth = labels.map(\.count).max() ?? 1
    let room = width - 2 * (labelWidth + 2)
    showsRecall = room - 9 >= count
    if room - 9 >= 2 * count {
      cells = .shades(width: 2)
    } else {
      cells = room >= count ? .shades(width: 1) : .none(needed: count + 2 * (labelWidth + 2))
    }
  }

  /// Space between the last cell and the right border: numbers are aligned to the right.
  var rightPadding: String { if case .numbers = cells { " " } else { "" } }

  var headerHeight: Int {
    switch cells {
    case .shades(let width): (labelWidth + width - 1) / width
    case .numbers, .none: 1
    }
  }

  /// The part of a column's label that stands in a line of the header.
  func headerCell(of label: String, line: Int) -> String {
    switch cells {
    case .none: return ""
    case .numbers(let width): return " " + label.filled(left: width - 1)
    case .shades(let width):
      let padded = String(repeating: " ", count: headerHeight * width - label.count) + label
      let bottomLeft = headerHeight == 1 ? label.filled(right: width) : padded
      return String(bottomLeft.dropFirst(line * width).prefix(width))
    }
  }
}
