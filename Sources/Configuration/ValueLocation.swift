import Support

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

extension ValueKind {
  /// The value that was given at `location`.
  ///
  /// - Throws: ``ConfigurationError/invalidValue(_:got:_:)``.
  public func value(_ given: GivenValue, at location: ValueLocation) throws -> Value {
    do throws(ValueProblem) {
      return try value(given)
    } catch {
      throw ConfigurationError.invalidValue(location, got: given, error)
    }
  }
}
