import Support

/// A table of plain text: a header, a rule, aligned columns two spaces apart.
public struct Table: Sendable {
  public enum Alignment: Sendable {
    case left, right
  }

  public struct Column: Sendable {
    public let title: String
    public let alignment: Alignment
    /// A narrow window goes without those of the highest rank first; never without those of rank 0.
    let rank: Int
    /// Whether its texts may be broken into lines.
    let breaks: Bool

    /// A column of texts.
    public static func left(_ title: String, rank: Int = 0) -> Column {
      Column(title: title, alignment: .left, rank: rank, breaks: false)
    }
    /// A column of numbers.
    public static func right(_ title: String, rank: Int = 0) -> Column {
      Column(title: title, alignment: .right, rank: rank, breaks: false)
    }
    /// A last column of phrases, which go on in the next line where the window is narrow.
    public static func phrases(_ title: String) -> Column {
      Column(title: title, alignment: .left, rank: 0, breaks: true)
    }
  }

  enum Line {
    case cells([String])
    case rule
  }

  let columns: [Column]
  private(set) var lines: [Line] = []

  /// A table of these columns. What stands in it is shown, whoever named it.
  public init(_ columns: [Column]) {
    self.columns = columns.map {
      Column(title: $0.title.shown, alignment: $0.alignment, rank: $0.rank, breaks: $0.breaks)
    }
  }

  /// Adds a row; missing cells at its end stay empty.
  public mutating func add(_ cells: [String]) {
    precondition(cells.count <= columns.count, "\(cells.count) cells for \(columns.count) columns")
    lines.append(.cells(cells.map(\.shown) + repeatElement("", count: columns.count - cells.count)))
  }

  /// Adds a rule, as before a total.
  public mutating func addRule() { lines.append(.rule) }

  /// The table, each line ended by a line break and without spaces at its end.
  ///
  /// A window that is too narrow is shown the columns that matter most, and told which it is not; a
  /// file or a pipe gets them all.
  ///
  /// - Parameter elsewhere: where all columns stand, a file's path.
  public func text(for terminal: Terminal, elsewhere: String? = nil) -> String {
    guard terminal.canRedraw else { return lines(for: terminal, width: .max) }
    let fitting = columnsThatFit(in: terminal.width)
    let text = keeping(fitting).lines(for: terminal, width: terminal.width)
    let hidden = columns.indices.filter { !fitting.contains($0) }.map { columns[$0].title }
    guard !hidden.isEmpty else { return text }
    let place = elsewhere.map { "; see \($0.shown)" } ?? ""
    return text + "not shown here: \(hidden.joined(separator: ", "))\(place)\n"
  }

  private func lines(for terminal: Terminal, width: Int) -> String {
    let widths = columnWidths(within: width)
    let style = Style(terminal)
    let dash = terminal.allowsUnicode ? "─" : "-"
    let rule = style(
      .dim, widths.map { String(repeating: dash, count: $0) }.joined(separator: "  "))
    let body = lines.flatMap { line in
      switch line {
      case .cells(let cells): broken(cells, widths).map { self.line($0, widths) }
      case .rule: [rule]
      }
    }
    let header = style(.bold, line(columns.map(\.title), widths))
    return ([header, rule] + body).map { $0 + "\n" }.joined()
  }

  /// The table as Markdown of GitHub's dialect, without its rules.
  public var markdown: String {
    func line(_ cells: [String]) -> String {
      "| " + cells.map(\.inMarkdown).joined(separator: " | ") + " |\n"
    }
    let dashes = columns.map { $0.alignment == .left ? "---" : "---:" }
    return lines.reduce(into: line(columns.map(\.title)) + line(dashes)) { text, row in
      if case .cells(let cells) = row { text += line(cells) }
    }
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    let aligned = columns.indices.map { index in
      columns[index].alignment == .left
        ? cells[index].filled(right: widths[index]) : cells[index].filled(left: widths[index])
    }
    return aligned.joined(separator: "  ").withoutTrailingSpace
  }
}

// MARK: - What fits

extension Table {
  private static let narrowestPhrase = 16

  var columnWidths: [Int] {
    columns.indices.map { index in
      lines.reduce(columns[index].title.columnCount) { width, line in
        guard case .cells(let cells) = line else { return width }
        return max(width, cells[index].columnCount)
      }
    }
  }

  /// The columns' widths; what a column of phrases takes is what the others leave.
  private func columnWidths(within width: Int) -> [Int] {
    var widths = columnWidths
    guard let last = columns.last, last.breaks, width < .max else { return widths }
    let others = widths.dropLast().reduce(0) { $0 + $1 + 2 }
    widths[widths.count - 1] = min(
      widths[widths.count - 1], max(Self.narrowestPhrase, width - others))
    return widths
  }

  /// The indices of the columns that `width` has room for, by rank.
  private func columnsThatFit(in width: Int) -> Set<Int> {
    let widths = columnWidths
    var (left, fitting) = (width + 2, Set<Int>())
    for index in columns.indices.sorted(by: { (columns[$0].rank, $0) < (columns[$1].rank, $1) }) {
      let column = columns[index]
      let needed = 2 + (column.breaks ? min(Self.narrowestPhrase, widths[index]) : widths[index])
      guard column.rank == 0 || needed <= left else { continue }
      left -= needed
      fitting.insert(index)
    }
    return fitting
  }

  /// The table of these of its columns.
  private func keeping(_ kept: Set<Int>) -> Table {
    guard kept.count < columns.count else { return self }
    let indices = columns.indices.filter(kept.contains)
    var table = Table(indices.map { columns[$0] })
    table.lines = lines.map { line in
      guard case .cells(let cells) = line else { return line }
      return .cells(indices.map { cells[$0] })
    }
    return table
  }

  /// A row as one line, or several where its phrase does not fit into one.
  private func broken(_ cells: [String], _ widths: [Int]) -> [[String]] {
    guard let width = widths.last, let phrase = cells.last, columns.last?.breaks == true,
      phrase.columnCount > width
    else { return [cells] }
    var parts: [String] = []
    for word in phrase.split(separator: " ") {
      if let part = parts.last, part.columnCount + 1 + String(word).columnCount <= width {
        parts[parts.count - 1] += " " + word
      } else {
        parts.append(String(word))
      }
    }
    let blank = [String](repeating: "", count: cells.count - 1)
    return parts.enumerated().map {
      ($0.offset == 0 ? Array(cells.dropLast()) : blank) + [$0.element]
    }
  }
}

extension String {
  /// The text as a table of Markdown may hold it, in which markup of HTML is text.
  var inMarkdown: String {
    replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("|", with: "\\|")
  }
}
