import Support

/// A mapping file that does not say which characters the labels stand for.
public enum MappingError: UserError, Equatable {
  case empty(path: String)
  case malformed(path: String, line: Int, text: String)
  case code(path: String, line: Int, code: Int)
  case duplicate(path: String, line: Int, label: Int)
  case gap(path: String, missing: Int)
  case tooMany(path: String, count: Int)
  case tooLong(path: String)
  case notUTF8(path: String)

  public var exitCode: ExitCode { .dataError }

  public var description: String {
    switch self {
    case .empty(let path):
      "\(path): no line maps a label to a character; expected lines like '10 65'"
    case .malformed(let path, let line, let text):
      "\(path): line \(line) is '\(text)', expected a label and a character's code or a name,"
        + " like '10 65' or '3 fish'; correct it"
    case .code(let path, let line, let code):
      "\(path): line \(line) has character code \(code), which is no character that shows; correct it"
    case .duplicate(let path, let line, let label):
      "\(path): line \(line) maps label \(label) a second time; remove one of the lines"
    case .gap(let path, let missing):
      "\(path): label \(missing) is missing, labels must follow each other without a gap;"
        + " add its line"
    case .tooMany(let path, let count):
      "\(path): maps \(count) labels, at most \(ClassTable.mostClasses) are possible; use fewer classes"
    case .tooLong(let path): "\(path): is too long for names of classes; check the name"
    case .notUTF8(let path): "\(path): is not UTF-8 text; save it as UTF-8"
    }
  }
}
