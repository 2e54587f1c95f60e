import Support

/// A value as it was given: the word of a command line or environment variable, or JSON.
public enum GivenValue: Equatable, Sendable {
  case text(String)
  case json(JSONValue)
}

/// Why a given value cannot be used.
public enum ValueProblem: Error, Equatable, Sendable {
  /// It is not the kind of thing that was expected, such as `a whole number`.
  case wrongKind(expected: String)
  /// It is outside its bounds, such as `at least 1`.
  case outOfBounds(String)
  /// The name is none of the choices for a subject such as `optimizer`.
  case unknownChoice(String, of: String, choices: [String])
}

/// Where a value came from, exactly enough to find and correct it.
public enum ValueLocation: Equatable, Sendable {
  /// A flag of the command line: `--epochs`.
  case flag(String)
  /// An environment variable: `EMNIST_EPOCHS`.
  case environment(String)
  /// A key of a file.
  case file(path: String, key: String)
  /// A key of a recipe, which ships with the program.
  case recipe(name: String, key: String)

  var exitCode: ExitCode {
    switch self {
    case .flag: .usage
    case .environment, .file: .configuration
    case .recipe: .software
    }
  }

  /// The value's name as the subject of a sentence.
  var subject: String {
    switch self {
    case .flag(let flag): flag
    case .environment(let variable): variable
    case .file(let path, let key): "\(path): '\(key)'"
    case .recipe(let name, let key): "recipe \(name): '\(key)'"
    }
  }

  /// What goes before a sentence that has another subject.
  var prefix: String {
    switch self {
    case .flag: ""
    case .environment(let variable): "\(variable): "
    case .file(let path, _): "\(path): "
    case .recipe(let name, _): "recipe \(name): "
    }
  }
}
