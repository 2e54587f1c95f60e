import Support

/// A mapping file that does not say which characters the labels stand for.
public enum MappingError: UserError, Equatable {
  case empty(path: String)
  case malformed(path: String, line: Int, text: String)
  case code(path: String, line: Int, code: Int)
  case duplicate(path: String, line: Int, label: Int)
  case gap(path: String, missing: Int)
  case tooMany(path: String, count: Int)

  public var exitCode: ExitCode { .dataError }

  public var description: String {
    switch self {
    case .empty(let path):
      "\(path): no line maps a label to a character; expected lines like '10 65'"
    case .malformed(let path, let line, let text):
      "\(path): line \(line) is '\(text)', expected a label and one or two character codes"
        + " like '10 65'; correct it"
    case .code(let path, let line, let code):
      "\(path): line \(line) has character code \(code), expected 33 to 126; correct it"
    case .duplicate(let path, let line, let label):
      "\(path): line \(line) maps label \(label) a second time; remove one of the lines"
    case .gap(let path, let missing):
      "\(path): label \(missing) is missing, labels must follow each other without a gap;"
        + " add its line"
    case .tooMany(let path, let count):
      "\(path): maps \(count) labels, at most 256 are possible; use fewer classes"
    }
  }
}
