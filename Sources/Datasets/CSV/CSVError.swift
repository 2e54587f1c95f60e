import Support

/// A CSV file that is not a table of labels and pixels, or does not say which column is what.
public enum CSVError: UserError, Equatable {
  case empty(path: String)
  case notText(path: String)
  case noTable(path: String, columns: Int)
  case columns(path: String, line: Int, found: Int, expected: Int)
  case unlabelled(path: String, columns: Int)
  case unclearLabel(path: String, columns: Int)
  case unclearSize(path: String, columns: Int, line: Int)
  case otherSize(path: String, pixels: Int, size: ImageSize)
  case severalLabels(path: String, names: [String])
  case noColumn(path: String, name: String, columns: Int, names: [String])
  case notANumber(path: String, line: Int, column: Int, text: String)
  case emptyField(path: String, line: Int, column: Int)

  public var exitCode: ExitCode {
    switch self {
    case .noColumn, .otherSize: .usage
    default: .dataError
    }
  }

  public var description: String {
    switch self {
    case .empty(let path): "\(path): holds no row of a label and pixels; download it again"
    case .notText(let path): "\(path): is no text, so no table; check the name"
    case .noTable(let path, let columns):
      "\(path): has \(counted(columns, "column")), no label and pixels beside"
        + " each other; separate the columns with commas"
    case .columns(let path, let line, let found, let expected):
      "\(path): line \(line) has \(counted(found, "column")),"
        + " expected \(expected) as in the first row; correct it"
    case .unlabelled(let path, let columns):
      "\(path): has \(columns) columns, pixels without a label; use a file with labels"
    default: undecided
    }
  }

  private var undecided: String {
    switch self {
    case .unclearLabel(let path, let columns):
      "\(path): which of its \(columns) columns holds the labels is not clear, neither by a name"
        + " nor by its numbers"
    case .unclearSize(let path, let columns, let line):
      "\(path): line \(line) has \(columns) columns, which are not a label and the pixels of a"
        + " square picture"
    case .otherSize(let path, let pixels, let size):
      "\(path): has \(pixels) pixels a row, a picture of \(size) has \(size.count)"
    case .severalLabels(let path, let names):
      "\(path): columns \(names.map { "'\($0.utf8.excerpt)'" }.asEnumeration) may all be the label"
    case .noColumn(let path, let name, let columns, let names):
      "\(path): has no column '\(name)' among its \(columns)\(Self.examples(names))"
    case .notANumber(let path, let line, let column, let text):
      "\(path): line \(line), column \(column) is '\(text)', expected a number; correct it"
    case .emptyField(let path, let line, let column):
      "\(path): line \(line), column \(column) is empty, expected a number; correct it"
    default: preconditionFailure("CSVError: \(self) has a sentence already")
    }
  }

  private static func examples(_ names: [String]) -> String {
    names.isEmpty ? "" : " (\(names.map { $0.utf8.excerpt }.joined(separator: ", ")), …)"
  }
}
