import Support

// Wide tables in narrow windows. A file or a pipe gets them as they are.

extension Table {
  /// The table, or where the window is narrower several tables one under the other, each with the
  /// first column and as many of the others as fit, at least one.
  public func text(fitting terminal: Terminal) -> String {
    let widths = columnWidths
    guard terminal.canRedraw, Self.width(of: widths) > terminal.width else {
      return text(for: terminal)
    }
    var (blocks, used): ([[Int]], Int) = ([], 0)
    for index in columns.indices.dropFirst() {
      if blocks.isEmpty || used + 2 + widths[index] > terminal.width {
        blocks.append([0])
        used = widths[0]
      }
      blocks[blocks.count - 1].append(index)
      used += 2 + widths[index]
    }
    return blocks.map { with($0).text(for: terminal) }.joined(separator: "\n")
  }

  private static func width(of widths: [Int]) -> Int { widths.reduce(-2) { $0 + 2 + $1 } }

  /// The table of some of the columns.
  func with(_ kept: [Int]) -> Table {
    var table = Table(kept.map { columns[$0] })
    for line in lines {
      switch line {
      case .cells(let cells): table.add(kept.map { cells[$0] })
      case .rule: table.addRule()
      }
    }
    return table
  }
}

extension Table {
  private static let narrowestPhrase = 16

  /// The columns' widths; what a column of phrases takes is what the others leave.
  func columnWidths(within width: Int) -> [Int] {
    var widths = columnWidths
    guard let last = columns.last, last.breaks, width < .max else { return widths }
    let others = widths.dropLast().reduce(0) { $0 + $1 + 2 }
    widths[widths.count - 1] = min(
      widths[widths.count - 1], max(Self.narrowestPhrase, width - others))
    return widths
  }

  /// The indices of the columns that `width` has room for, by rank.
  func columnsThatFit(in width: Int) -> [Int] {
    let widths = columnWidths
    var (left, fitting) = (width + 2, [Int]())
    for index in columns.indices.sorted(by: { (columns[$0].rank, $0) < (columns[$1].rank, $1) }) {
      let column = columns[index]
      let needed = 2 + (column.breaks ? min(Self.narrowestPhrase, widths[index]) : widths[index])
      guard column.rank == 0 || needed <= left else { continue }
      left -= needed
      fitting.append(index)
    }
    return fitting.sorted()
  }

  /// A row as one line, or several where its phrase does not fit into one.
  func broken(_ cells: [String], _ widths: [Int]) -> [[String]] {
    guard let width = widths.last, let phrase = cells.last, columns.last?.breaks == true,
      phrase.columnCount > width
    else { return [cells] }
    let parts = phrase.lines(within: width)
    let blank = [String](repeating: "", count: cells.count - 1)
    return parts.enumerated().map {
      ($0.offset == 0 ? Array(cells.dropLast()) : blank) + [$0.element]
    }
  }
}

extension Terminal {
  /// `text`, a paragraph, in lines that fit the window, each ended by a line break; in a file or a pipe
  /// as one line.
  public func wrapped(_ text: String) -> String {
    (canRedraw ? text.lines(within: width) : [text]).map { $0 + "\n" }.joined()
  }
}

extension String {
  /// The words in lines of at most so many columns each, but for a word that is longer; a number stays
  /// with its percent sign.
  fileprivate func lines(within columns: Int) -> [String] {
    let words = split(separator: " ").reduce(into: [String]()) { words, word in
      if let last = words.last, word.first == "%" {
        words[words.count - 1] = "\(last) \(word)"
      } else {
        words.append(String(word))
      }
    }
    return words.reduce(into: []) { lines, word in
      if let last = lines.last, last.columnCount + 1 + word.columnCount <= columns {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(word)
      }
    }
  }
}
