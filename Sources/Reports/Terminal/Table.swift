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
    let text = with(fitting).lines(for: terminal, width: terminal.width)
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
      .dim,
      widths.map { String(repeating: dash, count: $0) }.joined(separator: "  ")
        .withoutTrailingSpace)
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

  var columnWidths: [Int] {
    columns.indices.map { index in
      lines.reduce(columns[index].title.columnCount) { width, line in
        guard case .cells(let cells) = line else { return width }
        return max(width, cells[index].columnCount)
      }
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

extension String {
  /// The text as a table of Markdown may hold it, in which markup of HTML is text.
  var inMarkdown: String {
    replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("|", with: "\\|")
  }
}
