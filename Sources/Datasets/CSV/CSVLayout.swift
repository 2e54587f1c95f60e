import Support

/// Which columns of a table are what, decided by names, by what a person says, and by the first
/// rows.
struct CSVLayout {
  let dialect: CSVDialect
  /// Where the first row of numbers begins.
  let firstRow: Int
  /// The number of that line, from 1.
  let firstLine: Int
  let columnCount: Int
  let labelColumn: Int?
  /// The columns that are neither label nor pixel.
  let skipped: Set<Int>
  let size: ImageSize
  private(set) var decisions: [DataDecision] = []

  /// - Throws: ``CSVError`` where it stays unclear which column is what.
  init(_ bytes: [UInt8], path: String, _ hints: PixelTable.Hints) throws {
    dialect = CSVDialect(bytes)
    let sample = CSVSample(bytes, dialect)
    guard let first = sample.rows.first else { throw CSVError.empty(path: path) }
    (firstRow, firstLine) = (sample.firstRow, sample.firstLine)
    columnCount = sample.columnCount
    guard columnCount > 1 else {
      throw CSVError.noTable(path: path, columns: first.count)
    }
    var columns = CSVColumns(sample, path: path, hints)
    try columns.decide()
    labelColumn = columns.label
    skipped = columns.skipped
    size = try columns.size()
    if let label = columns.label {
      decisions.append(
        .labelColumn(
          name: sample.names?[label], position: label + 1, count: columnCount,
          isEvidence: columns.isEvidence))
    }
    for column in skipped.sorted() {
      decisions.append(.skippedColumn(name: sample.names?[column], position: column + 1))
    }
    if size.height != size.width { decisions.append(.size(size)) }
  }
}

/// Rows from all over a table as texts; files may be sorted by class.
struct CSVSample {
  let dialect: CSVDialect
  /// The names of the columns, if the first row has some.
  let header: [String]?
  /// At most 40 rows behind it.
  let firstRows: [[String]]
  /// Those and others, 200 in all at most.
  let rows: [[String]]
  let firstRow: Int
  let firstLine: Int
  /// Without the empty column that a separator at the end of each row makes.
  let columnCount: Int

  init(_ bytes: [UInt8], _ dialect: CSVDialect) {
    self.dialect = dialect
    var reader = CSVRowReader(bytes, dialect)
    var first = reader.next()
    header = first.flatMap { Self.isHeader($0, dialect) ? $0 : nil }
    if header != nil { first = reader.next() }
    (firstRow, firstLine) = (reader.rowStart, reader.rowLine)
    var rows = first.map { [$0] } ?? []
    while rows.count < 40, !rows.isEmpty, let row = reader.next() { rows.append(row) }
    firstRows = rows
    let step = (bytes.count - reader.position) / 160
    for number in 0..<160 {
      reader.skip(to: bytes.count - (160 - number) * step)
      guard let row = reader.next() else { break }
      rows.append(row)
    }
    self.rows = rows
    let width = rows.first?.count ?? 0
    let endsEmpty = !rows.isEmpty && rows.allSatisfy { $0.last?.isEmpty == true }
    let columnCount = endsEmpty ? width - 1 : width
    self.columnCount = columnCount
    names = header.map { names in
      Array((names + Array(repeating: "", count: columnCount)).prefix(columnCount))
    }
  }

  /// The header with as many names as there are columns.
  let names: [String]?

  /// A first row is names if most of it is no number, or one of it is a label's name, or its
  /// numbers are those of the columns behind a name or nothing.
  private static func isHeader(_ row: [String], _ dialect: CSVDialect) -> Bool {
    let texts = row.filter { dialect.number($0) == nil && !$0.isEmpty }
    if texts.contains(where: { CSVColumns.isLabelName($0) && $0.count > 1 }) { return true }
    if texts.count * 2 > row.count { return true }
    let numbers = row.compactMap { Int($0) }
    guard row.count > 4, numbers.count >= row.count - 2, numbers.count < row.count else {
      return false
    }
    return zip(numbers, numbers.dropFirst()).allSatisfy { $1 == $0 + 1 }
  }
}

/// Walks over the rows of a table.
private struct CSVRowReader {
  private let bytes: [UInt8]
  private let dialect: CSVDialect
  private(set) var position: Int
  /// Where the last row began, and its line from 1.
  private(set) var rowStart: Int
  private(set) var rowLine = 1
  private var line = 1

  init(_ bytes: [UInt8], _ dialect: CSVDialect) {
    self.bytes = bytes
    self.dialect = dialect
    position = dialect.start
    rowStart = dialect.start
  }

  /// The next row that is not empty, or `nil` at the end.
  mutating func next() -> [String]? {
    while position < bytes.count {
      (rowStart, rowLine) = (position, line)
      let row = dialect.row(bytes, &position)
      line += bytes[rowStart..<position].count { $0 == 10 }
      if row.count > 1 || !row[0].isEmpty { return row }
    }
    return nil
  }

  /// Goes on with the first row that begins at or behind `place`.
  mutating func skip(to place: Int) {
    guard place > position else { return }
    position = bytes[place...].firstIndex(of: 10).map { $0 + 1 } ?? bytes.count
  }
}
