import Support

/// Who decided a value, weakest last.
public enum ConfigurationSource: String, CaseIterable, Sendable {
  case flag
  case environment
  case file = "config file"
  case recipe
  /// The defaults of the optimizer that was chosen.
  case optimizer
  /// The defaults of the schedule that was chosen.
  case scheduler
  /// The defaults of the loss that was chosen.
  case loss
  case `default`

  /// Whether what this one decides gives way to what `other` decides.
  func isWeaker(than other: ConfigurationSource) -> Bool {
    let ranking = Self.allCases
    guard let own = ranking.firstIndex(of: self), let theirs = ranking.firstIndex(of: other)
    else { return false }
    return own > theirs
  }
}

/// Who decided each option's value.
public struct ConfigurationSources: Equatable, Sendable {
  private var sources: [String: ConfigurationSource] = [:]

  public init() {}

  /// The source of the option of this name.
  public subscript(name: String) -> ConfigurationSource {
    get { sources[name] ?? .default }
    set { sources[name] = newValue }
  }
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
