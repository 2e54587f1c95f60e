import Support

/// Finds the label's column and those that are no pixels.
struct CSVColumns {
  private let sample: CSVSample
  private let path: String
  private let hints: PixelTable.Hints
  private let dialect: CSVDialect
  private(set) var label: Int?
  private(set) var skipped: Set<Int> = []
  /// Whether the label's column was found by what is in it.
  private(set) var isEvidence = false

  /// The names that people give to a column of labels, the most telling first.
  private static let labelNames = [
    "label", "labels", "class", "classes", "target", "targets", "digit", "letter", "character",
    "char", "symbol", "category", "y",
  ]
  private static let indexNames = ["", "id", "index", "idx", "unnamed: 0", "imageid", "image_id"]

  static func isLabelName(_ name: String) -> Bool { labelNames.contains(name.lowercased()) }

  init(_ sample: CSVSample, path: String, _ hints: PixelTable.Hints) {
    self.sample = sample
    self.path = path
    self.hints = hints
    dialect = sample.dialect
  }

  /// - Throws: ``CSVError`` where it stays unclear.
  mutating func decide() throws {
    skipped = indexColumns()
    if let wanted = hints.labelColumn {
      label = try column(wanted)
    } else if let named = try namedLabel() {
      label = named
    } else if !hints.isUnlabelled || !fits(sample.columnCount - skipped.count) {
      label = try labelByEvidence()
      isEvidence = true
    }
    if let label { skipped.remove(label) }
    if hints.isUnlabelled, let label {
      skipped.insert(label)
      self.label = nil
    }
  }

  /// The column that a person names, or whose number it is.
  private func column(_ wanted: String) throws -> Int {
    if let header = sample.names {
      if let place = header.firstIndex(of: wanted) { return place }
      let folded = wanted.lowercased()
      if let place = header.firstIndex(where: { $0.lowercased() == folded }) { return place }
    }
    if wanted == "first" { return 0 }
    if wanted == "last" { return sample.columnCount - 1 }
    if let number = Int(wanted), (1...sample.columnCount).contains(number) { return number - 1 }
    throw CSVError.noColumn(
      path: path, name: wanted, columns: sample.columnCount,
      names: sample.names.map { Array($0.filter { !$0.isEmpty }.prefix(3)) } ?? [])
  }

  private func namedLabel() throws -> Int? {
    guard let header = sample.names?.map({ $0.lowercased() }) else { return nil }
    let places = header.indices.filter { Self.isLabelName(header[$0]) }
    guard places.count > 1 else { return places.first }
    throw CSVError.severalLabels(path: path, names: places.map { sample.names![$0] })
  }

  /// Columns that only number the rows, by their names, or by counting up from 0 or 1 at the front.
  private func indexColumns() -> Set<Int> {
    var columns: Set<Int> = []
    if let header = sample.names {
      for (place, name) in header.enumerated()
      where Self.indexNames.contains(name.lowercased()) && (place == 0 || !name.isEmpty) {
        columns.insert(place)
      }
    }
    // With it there is one column too many.
    guard columns.isEmpty, !fits(sample.columnCount - 1), fits(sample.columnCount - 2) else {
      return columns
    }
    let first = sample.firstRows.compactMap { $0.first.flatMap { Int($0) } }
    if first.count == sample.firstRows.count, first[0] == 0 || first[0] == 1,
      zip(first, first.dropFirst()).allSatisfy({ $1 == $0 + 1 })
    {
      columns.insert(0)
    }
    return columns
  }

  /// The first or the last column, if one of them alone looks like labels and the others are as
  /// many as a picture's pixels.
  private func labelByEvidence() throws -> Int? {
    let rest = (0..<sample.columnCount).filter { !skipped.contains($0) }
    guard let first = rest.first, let last = rest.last else { return nil }
    let fitsWith = fits(rest.count - 1)
    let fitsWithout = fits(rest.count)
    if let text = [first, last].first(where: isText), fitsWith { return text }
    guard fitsWith else {
      if fitsWithout { throw CSVError.unlabelled(path: path, columns: rest.count) }
      throw CSVError.unclearSize(path: path, columns: sample.columnCount, line: sample.firstLine)
    }
    let (front, back) = (labelLikeness(first), labelLikeness(last))
    guard front != back else {
      throw CSVError.unclearLabel(path: path, columns: sample.columnCount)
    }
    return front > back ? first : last
  }

  private func fits(_ count: Int) -> Bool {
    hints.size.map { $0.count == count } ?? (ImageSize(squareOf: count) != nil || namedSize != nil)
  }

  private func isText(_ column: Int) -> Bool {
    sample.rows.contains { column < $0.count && dialect.number($0[column]) == nil }
  }

  /// 0 for what cannot be labels or hardly is, 1 for what may be, and 2 for several whole numbers
  /// that fill their range. Pixels at the rim are 0, rarely something else, and that anything.
  private func labelLikeness(_ column: Int) -> Int {
    let values = sample.rows.map { column < $0.count ? dialect.number($0[column]) : nil }
    let numbers = values.compactMap { $0.flatMap { Int(exactly: $0) } }
    guard numbers.count == values.count, let least = numbers.min(), let most = numbers.max(),
      least >= 0
    else { return 0 }
    if least == most { return (1..<100).contains(least) ? 1 : 0 }
    guard most - least < 2 * Set(numbers).count else { return 0 }
    return numbers.count { $0 == 0 } * 2 <= numbers.count ? 2 : 1
  }

  /// - Throws: ``CSVError`` if the pixels are no picture of a size that is known.
  func size() throws -> ImageSize {
    let count = sample.columnCount - skipped.count - (label == nil ? 0 : 1)
    if let size = hints.size {
      guard size.count == count else {
        throw CSVError.otherSize(path: path, pixels: count, size: size)
      }
      return size
    }
    if let size = namedSize, size.count == count { return size }
    guard let size = ImageSize(squareOf: count) else {
      throw CSVError.unclearSize(path: path, columns: sample.columnCount, line: sample.firstLine)
    }
    return size
  }

  /// The size that names such as `1x1` to `28x28`, or `r0_c0`, tell, or `nil`.
  private var namedSize: ImageSize? {
    guard let header = sample.names else { return nil }
    let pixels = header.indices.filter { $0 != label && !skipped.contains($0) }
    guard let first = pixels.first.map({ Self.numbers(header[$0]) }), first.count == 2,
      let last = pixels.last.map({ Self.numbers(header[$0]) }), last.count == 2
    else { return nil }
    let size = ImageSize(height: last[0] - first[0] + 1, width: last[1] - first[1] + 1)
    return size.height > 0 && size.width > 0 ? size : nil
  }

  /// The whole numbers in a text.
  private static func numbers(_ text: String) -> [Int] {
    text.split { !("0"..."9").contains($0) }.compactMap { Int($0) }.filter { $0 < 1 << 20 }
  }
}
