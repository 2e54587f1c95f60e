import Support

/// Help, made from the tables that also drive the parser. Examples come first.
enum HelpText {
  /// The help of a command or group; `path` is its whole name.
  static func text(for description: any CommandDescription.Type, path: String) -> String {
    if let group = description as? any CommandGroup.Type { return text(of: group, path: path) }
    if let command = description as? any Command.Type { return text(of: command, path: path) }
    return ""
  }

  private static func text(of group: any CommandGroup.Type, path: String) -> String {
    let commands = group.subcommands.filter { $0.isListed }
      .map { (left: $0.name, right: $0.abstract) }
    return join([
      title(group, path: path),
      "Usage: \(path) COMMAND [OPTION…]\n",
      examples(group.examples),
      "Commands:\n" + columns(commands),
      paragraphs(group.notes),
    ])
  }

  private static func text(of command: any Command.Type, path: String) -> String {
    let operands = command.operands.map { (left: $0.name, right: $0.help) }
    let width = TextLayout.columnWidth(command.options.map(\.usage))
    let usage = [path] + command.operands.map(\.usage) + ["[OPTION…]"]
    let headings = command.options.map(\.heading).uniqued + [CommandOption.help.heading]
    let options = (command.options + [.help]).grouped(by: headings.uniqued).map {
      heading, options in
      "\(heading):\n"
        + TextLayout.columns(options.map { (left: $0.usage, right: $0.help) }, left: width)
    }
    return join(
      [
        title(command, path: path),
        "Usage: \(usage.joined(separator: " "))\n",
        examples(command.examples),
        operands.isEmpty ? "" : "Arguments:\n" + columns(operands),
      ] + options + [paragraphs(command.notes)])
  }

  private static func title(_ description: any CommandDescription.Type, path: String) -> String {
    TextLayout.wrapped("\(path): \(description.abstract)", width: TextLayout.width)
      .joined(separator: "\n") + "\n"
  }

  /// A single one takes one line if it can: the overview must fit a screen.
  private static func examples(_ examples: [Example]) -> String {
    if examples.count == 1 {
      let line = "Example: \(examples[0].line) (\(examples[0].meaning))"
      if line.count <= TextLayout.width { return line + "\n" }
    }
    return examples.isEmpty
      ? "" : "Examples:\n" + columns(examples.map { ($0.line, $0.meaning) }, limit: 46)
  }

  private static func columns(
    _ rows: [(left: String, right: String)], limit: Int = 26
  ) -> String {
    TextLayout.columns(rows, left: TextLayout.columnWidth(rows.map(\.left), limit: limit))
  }

  private static func paragraphs(_ paragraphs: [String]) -> String {
    paragraphs.map {
      TextLayout.wrapped($0, width: TextLayout.width).joined(separator: "\n") + "\n"
    }.joined(separator: "\n")
  }

  private static func join(_ blocks: [String]) -> String {
    blocks.filter { !$0.isEmpty }.joined(separator: "\n")
  }
}

extension [String] {
  /// The elements without repetitions, in order of first appearance.
  fileprivate var uniqued: [String] {
    reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

extension [CommandOption] {
  /// The options of each heading.
  fileprivate func grouped(by headings: [String]) -> [(String, [CommandOption])] {
    headings.map { heading in (heading, filter { $0.heading == heading }) }
  }
}

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
