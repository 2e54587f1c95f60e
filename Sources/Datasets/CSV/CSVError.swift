import Support

/// A CSV file that is not a table of labels and pixels.
public enum CSVError: UserError, Equatable {
  case empty(path: String)
  case columns(path: String, line: Int, found: Int)
  case unlabelled(path: String, line: Int)
  case notANumber(path: String, line: Int, column: Int, text: String)
  case range(path: String, line: Int, column: Int, text: String)

  public var exitCode: ExitCode { .dataError }

  public var description: String {
    switch self {
    case .empty(let path):
      "\(path): holds no row of a label and 784 pixels; download it again"
    case .columns(let path, let line, let found):
      "\(path): line \(line) has \(found) \(found == 1 ? "column" : "columns"),"
        + " expected 785 (a label and 784 pixels); download it again"
    case .unlabelled(let path, let line):
      "\(path): line \(line) has 784 columns, pixels without a label; use a file with labels"
    case .notANumber(let path, let line, let column, let text):
      "\(path): line \(line), column \(column) is '\(text)', expected a whole number; correct it"
    case .range(let path, let line, let column, let text):
      "\(path): line \(line), column \(column) is \(text), expected 0 to 255; correct it"
    }
  }
}
