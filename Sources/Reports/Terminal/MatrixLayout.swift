import Metrics
import Support

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
    let names = matrix.labels.map(\.shown)
    let longest = names.map(\.columnCount).max() ?? 1
    let count = matrix.classCount
    let digits = "\(matrix.pairs.map(\.count).max() ?? 0)".count
    // Long names are cut rather than the counts given up.
    for nameWidth in stride(from: min(longest, 12), through: min(longest, 4), by: -1) {
      let room = width - 2 * (nameWidth + 2) - 10
      guard room / count > digits else { continue }
      labels = names
      labelWidth = nameWidth
      cells = .numbers(width: min(room / count, max(digits, longest) + 2, 8))
      showsRecall = true
      return
    }
    // Written downwards, a label must be of narrow characters and short; its number is both.
    let isNarrow = longest <= 3 && names.allSatisfy { $0.count == $0.columnCount }
    labels = isNarrow ? names : (0..<count).map { "\($0)" }
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

/// How dark a confusion is drawn: by the share of the true class, on a scale that is the same for
/// every matrix, so that two can be compared.
enum MatrixShade: Int, CaseIterable {
  case faint, light, medium, dark, full

  /// The largest share of each shade.
  private var limit: Double { [0.005, 0.01, 0.03, 0.1, 1][rawValue] }

  /// `nil` for a pair that never occurred.
  init?(count: Int, of support: Int) {
    guard count > 0, support > 0 else { return nil }
    let share = Double(count) / Double(support)
    self = Self.allCases.first { share <= $0.limit } ?? .full
  }

  func glyph(for terminal: Terminal) -> String {
    (terminal.allowsUnicode ? ["·", "░", "▒", "▓", "█"] : [".", ":", "+", "#", "@"])[rawValue]
  }

  /// The glyph's weight.
  var weight: Style.Weight? { self == .faint ? .dim : textWeight }

  /// The weight of a number or a bar, which must be readable however small the share.
  var textWeight: Style.Weight? { [nil, nil, .yellow, .red, .boldRed][rawValue] }

  /// `to 3 %`
  var rangeText: String { self == .full ? "more" : "to " + percent(limit, limit < 0.01 ? 1 : 0) }
}

// The list under the matrix: `4 → 9   37 of 980   3.8 %   3.6 %  ▇▇▇▇▇▇▇▇`.
extension ConfusionMatrixText {
  func pairLines(_ limit: Int) -> [String] {
    let pairs = matrix.topConfusions(limit)
    guard !pairs.isEmpty else { return ["No class was mixed up with another."] }
    let supports = matrix.supports
    let shown = pairs.map { label($0.trueClass) + arrow + label($0.predictedClass) }
    let parts = pairs.map { "\(grouped($0.count)) of \(grouped(supports[$0.trueClass]))" }
    let (shownWidth, partWidth) = (width(of: shown), width(of: parts))
    let lines = pairs.indices.map { index in
      "  " + style(.bold, shown[index].filled(right: shownWidth))
        + "  " + parts[index].filled(left: partWidth)
        + "  " + percent(pairs[index].shareOfTrue, 1).filled(left: 7)
        + "  " + percent(pairs[index].shareOfPredicted, 1).filled(left: 7)
        + "  "
        + bar(pairs[index].count, of: pairs[0].count, support: supports[pairs[index].trueClass])
    }
    return [
      style(.bold, "Most often mixed up")
        + "  true\(arrow)predicted: count, share of true, share of predicted"
    ] + lines
  }

  private var arrow: String { terminal.allowsUnicode ? " → " : " -> " }

  private func label(_ index: Int) -> String { matrix.labels[index].shown.cut(to: 10) }

  private func width(of texts: [String]) -> Int { texts.map(\.columnCount).max() ?? 0 }

  /// A bar in the colour of the matrix' shade; the worst pair has 20 characters.
  private func bar(_ count: Int, of most: Int, support: Int) -> String {
    let length = max(1, (count * 20 + most / 2) / most)
    let weight = MatrixShade(count: count, of: support)?.textWeight
    return style(weight, String(repeating: terminal.allowsUnicode ? "▇" : "#", count: length))
  }
}
