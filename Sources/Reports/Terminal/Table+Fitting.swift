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
  private func with(_ kept: [Int]) -> Table {
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

extension Terminal {
  /// `text`, a paragraph, in lines that fit the window, each ended by a line break; in a file or a pipe
  /// as one line.
  func wrapped(_ text: String) -> String {
    guard canRedraw else { return text + "\n" }
    var lines: [(text: String, width: Int)] = []
    for word in text.split(separator: " ") {
      let length = String(word).columnCount
      if let last = lines.last, last.width + 1 + length <= width {
        lines[lines.count - 1] = (last.text + " " + word, last.width + 1 + length)
      } else {
        lines.append((String(word), length))
      }
    }
    return lines.map { $0.text + "\n" }.joined()
  }
}

extension String {
  /// The text, or its beginning and its end around `…` if it takes more columns: names of runs
  /// begin and end differently.
  func cutInTheMiddle(to columns: Int) -> String {
    guard columnCount > columns, columns > 2 else { return self }
    let tail = (columns - 1) / 2
    return cut(to: columns - 1 - tail) + "…" + String(suffix(tail))
  }
}
