import Configuration
import Support

/// What was typed after a command's name, sorted into options and operands.
struct Arguments {
  /// The whole name of the command: `emnist data list`.
  let command: String
  /// The words after the options: files, runs, names.
  let operands: [String]
  let environment: [String: String]
  /// The word given for each flag; of several the last. A truth value holds `true` or `false`.
  private let values: [String: String]

  init(
    command: String, operands: [String], values: [String: String], environment: [String: String]
  ) {
    self.command = command
    self.operands = operands
    self.values = values
    self.environment = environment
  }

  /// The file or directory given for an option.
  ///
  /// - Throws: ``ConfigurationError/invalidValue(_:got:_:)`` if it is empty.
  func path(_ option: CommandOption) throws -> String? {
    try values[option.flag].map {
      try ValueKind<String>.text("a path").value(.text($0), at: .flag(option.flag))
    }
  }

  /// Whether an option without a value was given, and not undone.
  func isOn(_ option: CommandOption) -> Bool { values[option.flag] == "true" }

  /// The value of an option, or its default.
  func value<Value>(_ option: TypedOption<Value>) throws -> Value {
    guard let text = values[option.option.flag] else { return option.fallback }
    return try option.kind.value(.text(text), at: .flag(option.option.flag))
  }

  /// The value of an option that has no default.
  func value<Value>(_ option: CommandOption, _ kind: ValueKind<Value>) throws -> Value? {
    try values[option.flag].map { try kind.value(.text($0), at: .flag(option.flag)) }
  }

  /// What the environment and the flags say about these options.
  func configuration(_ options: [ConfigurationOption]) throws -> LayeredConfiguration {
    var layers = LayeredConfiguration()
    try layers.layEnvironment(environment, for: options)
    for option in options {
      if let text = values[option.flag] { try layers.layFlag(option, text) }
    }
    return layers
  }
}
