import Formats
import Support

/// A table of pictures, one a row: a label and its pixels, in columns that are told apart by their
/// names or by what is in them.
public struct PixelTable: Sendable {
  /// What a person says about a table.
  public struct Hints: Sendable, Equatable {
    /// The name of the label's column, its number from 1, or `last`.
    public var labelColumn: String?
    /// The height and the width of the pictures, in pixels.
    public var size: ImageSize?
    /// Whether the table has no labels to be used.
    public var isUnlabelled = false

    public init(
      labelColumn: String? = nil, size: ImageSize? = nil, isUnlabelled: Bool = false
    ) {
      self.labelColumn = labelColumn
      self.size = size
      self.isUnlabelled = isUnlabelled
    }
  }

  /// One a row; `nil` if the table has none.
  public let labels: StoredLabels?
  /// The pixels, `[N, H, W]`: bytes if all are whole numbers from 0 to 255, else `float32`.
  public let pixels: NumberArray
  /// What was found out about the columns.
  public let decisions: [DataDecision]

  /// Reads a file, gzip or plain, from the disk or out of an archive.
  ///
  /// - Throws: ``FileError``, ``ZipError``, ``GzipError`` or ``CSVError``.
  public init(reading path: String, _ hints: Hints = Hints()) throws {
    try self.init(parsing: SourceFile(path).contents(), path: path, hints)
  }

  /// Parses a file's bytes; `path` is its name in messages.
  ///
  /// - Throws: ``CSVError``.
  public init(parsing bytes: [UInt8], path: String, _ hints: Hints = Hints()) throws {
    guard !bytes.prefix(1 << 12).contains(0) else { throw CSVError.notText(path: path) }
    let layout = try CSVLayout(bytes, path: path, hints)
    var scanner = CSVScanner(layout, path: path)
    // A row has at least a digit and a separator a column.
    scanner.reserve(bytes.count / (2 * layout.columnCount))
    try scanner.scan(bytes.span)
    guard scanner.rowCount > 0 else { throw CSVError.empty(path: path) }
    labels = layout.labelColumn == nil ? nil : scanner.labels
    pixels = scanner.pixels
    decisions = layout.decisions
  }
}

/// The size of pictures, in pixels.
public struct ImageSize: Sendable, Hashable, CustomStringConvertible {
  public let height: Int
  public let width: Int

  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  public var description: String { "\(height) x \(width)" }

  var count: Int { height * width }

  /// The square of so many pixels, or `nil` if there is none.
  init?(squareOf count: Int) {
    guard count > 0 else { return nil }
    let side = Int(Double(count).squareRoot().rounded())
    guard side * side == count else { return nil }
    (height, width) = (side, side)
  }
}

/// The labels of a part as its file has them.
public enum StoredLabels: Sendable, Equatable {
  case numbers([Int])
  case texts([String])

  public var count: Int {
    switch self {
    case .numbers(let numbers): numbers.count
    case .texts(let texts): texts.count
    }
  }
}

extension PixelTable {
  /// Whether the file has as many columns as a picture of 4 × 4 has pixels at least; tables of
  /// something else lie beside data sets too.
  static func isProbable(_ path: String) -> Bool { (columnCount(ofStart: path) ?? 0) >= 16 }

  /// The number of columns in the first row, or `nil` if the file cannot be read.
  static func columnCount(ofStart path: String) -> Int? {
    guard let start = try? SourceFile(path).startOfContents(1 << 20), !start.contains(0) else {
      return nil
    }
    var position = CSVDialect(start).start
    let row = CSVDialect(start).row(start, &position)
    return row.last?.isEmpty == true ? row.count - 1 : row.count
  }
}
