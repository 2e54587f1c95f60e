/// A table of a page.
struct PageTable {
  /// How a column's cells stand.
  enum Alignment: String {
    /// On one line.
    case text
    /// On as many lines as it needs.
    case free
    case number
  }

  private let caption: String
  private let columns: [(title: String, alignment: Alignment)]
  private var rows: [(cells: [String], classes: String)] = []

  init(_ caption: String, _ columns: [(title: String, alignment: Alignment)]) {
    self.caption = caption
    self.columns = columns
  }

  /// Adds a row. `classes`: `soft` for what matters less, `total` for a sum.
  mutating func add(_ cells: [String], _ classes: String = "") {
    precondition(cells.count == columns.count, "\(cells.count) cells in \(columns.count) columns")
    rows.append((cells, classes))
  }

  var markup: Markup {
    let header = columns.map {
      Markup.element("th", ["class": $0.alignment.rawValue, "scope": "col"], Markup($0.title))
    }
    let body = rows.map { row in
      Markup.element(
        "tr", ["class": row.classes],
        zip(columns, row.cells).map {
          Markup.element("td", ["class": $0.alignment.rawValue], Markup($1))
        }.joined())
    }
    return .element(
      "div", ["class": "scroll"],
      .element(
        "table", [:], .element("caption", [:], Markup(caption)),
        .element("thead", [:], .element("tr", [:], header.joined())),
        .element("tbody", [:], body.joined())))
  }
}
