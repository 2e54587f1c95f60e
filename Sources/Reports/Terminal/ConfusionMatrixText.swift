import Metrics
import Support

/// A confusion matrix a person can read in a terminal, whether of 10 classes or of 62.
///
/// Counts are written out where they fit the width; otherwise a character stands for the share of
/// the true class that was taken for the predicted one. The worst pairs are listed under it.
public struct ConfusionMatrixText {
  let matrix: ConfusionMatrix
  let terminal: Terminal
  let style: Style
  let layout: MatrixLayout

  public init(_ matrix: ConfusionMatrix, terminal: Terminal) {
    self.matrix = matrix
    self.terminal = terminal
    style = Style(terminal)
    layout = MatrixLayout(of: matrix, width: terminal.width)
  }

  /// The matrix and the `pairs` worst pairs, each line ended by a line break.
  public func text(pairs: Int = 10) -> String {
    let title = style(.bold, "Confusion matrix") + "  rows: true, columns: predicted"
    return ([title, ""] + matrixLines + [""] + pairLines(pairs))
      .map { $0.withoutTrailingSpace + "\n" }.joined()
  }

  private var matrixLines: [String] {
    switch layout.cells {
    case .none(let needed):
      return ["The matrix needs \(needed) columns, there are \(terminal.width): see confusion.csv."]
    case .numbers:
      return header(withRecall: true) + rows
    case .shades:
      // A tall matrix needs its labels at the bottom too.
      let footer = matrix.classCount > 20 ? header(withRecall: false) : []
      return header(withRecall: true) + rows + footer + ["", legend]
    }
  }

  /// The columns' labels, written downwards where a column is narrower than its label.
  private func header(withRecall: Bool) -> [String] {
    let height = layout.headerHeight
    let left = String(repeating: " ", count: layout.labelWidth + 2)
    return (0..<height).map { line in
      let cells = layout.labels.map { layout.headerCell(of: $0, line: line) }.joined()
      let isLast = line == height - 1
      let recall = withRecall && isLast && layout.showsRecall
      let gap = layout.rightPadding + String(repeating: " ", count: layout.labelWidth + 5)
      return left + style(.bold, cells) + (recall ? gap + style(.dim, "recall") : "")
    }
  }

  private var rows: [String] {
    let border = style(.dim, terminal.allowsUnicode ? "│" : "|")
    let (supports, scores) = (matrix.supports, matrix.classScores)
    return (0..<matrix.classCount).map { row in
      let label = layout.labels[row]
      let cells = (0..<matrix.classCount).map { cell(row, $0, of: supports[row]) }.joined()
      let recall = supports[row] == 0 ? "-" : percent(scores[row].recall, 1)
      return style(.bold, label.filled(left: layout.labelWidth)) + " " + border + cells
        + layout.rightPadding + border + " " + style(.bold, label.filled(right: layout.labelWidth))
        + (layout.showsRecall ? "  " + recall.filled(left: 7) : "")
    }
  }

  private func cell(_ row: Int, _ column: Int, of support: Int) -> String {
    let count = matrix[row, column]
    let shade = MatrixShade(count: count, of: support)
    switch layout.cells {
    case .none: return ""
    case .numbers(let width):
      let text = count == 0 ? (terminal.allowsUnicode ? "·" : ".") : "\(count)"
      let weight = row == column || count == 0 ? Style.Weight.dim : shade?.textWeight
      return style(weight, text.filled(left: width))
    case .shades(let width):
      if row == column {
        let mark = diagonalMark
        return style(.dim, mark + String(repeating: " ", count: width - 1))
      }
      guard let shade else { return String(repeating: " ", count: width) }
      return style(shade.weight, String(repeating: shade.glyph(for: terminal), count: width))
    }
  }

  private var diagonalMark: String { terminal.allowsUnicode ? "╲" : "\\" }

  private var legend: String {
    let shades = MatrixShade.allCases.map {
      style($0.weight, $0.glyph(for: terminal)) + " " + $0.rangeText
    }
    return ([style(.dim, diagonalMark) + " right"] + shades).joined(separator: "  ")
      + " of the true class"
  }
}
