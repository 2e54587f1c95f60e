import Support

/// A command line that cannot be understood. `command` is the whole name, as `emnist data list`.
enum UsageError: UserError, Equatable {
  case unknownCommand(String, group: String, nearest: String?)
  case unknownOption(String, command: String, nearest: String?)
  case optionBeforeCommand(String, group: String)
  case missingValue(flag: String, placeholder: String, command: String)
  case needlessValue(flag: String, value: String)
  case unexpectedOperand(String, command: String)
  case emptyOperand(String, command: String)
  case missingOperand(String, command: String)
  case missingOption(flag: String, placeholder: String, command: String)
  case twoDataSets(operand: String, option: String)
  case twoConfigurations
  case unknownShell(String, choices: [String])
  case excluded(flags: [String], command: String)

  var exitCode: ExitCode { .usage }

  var description: String {
    switch self {
    case .unknownCommand(let name, let group, let nearest):
      "unknown command '\(name)' for '\(group)'; \(Self.hint(nearest, group))"
    case .unknownOption(let option, let command, let nearest):
      "unknown option '\(option)' for '\(command)'; \(Self.hint(nearest, command))"
    case .optionBeforeCommand(let option, let group):
      "option '\(option)' stands before the command; write it after, see '\(group) --help'"
    case .missingValue(let flag, let placeholder, let command):
      "\(flag) needs a value, as in '\(flag) \(placeholder)'; see '\(command) --help'"
    case .needlessValue(let flag, let value):
      "\(flag) takes no value, got '\(value)'; write just '\(flag)'"
    case .unexpectedOperand(let operand, let command):
      "unexpected argument '\(operand)' for '\(command)'; see '\(command) --help'"
    case .emptyOperand(let name, let command):
      "\(name) must not be empty; see '\(command) --help'"
    case .missingOperand(let name, let command):
      "'\(command)' needs \(name); see '\(command) --help'"
    case .missingOption(let flag, let placeholder, let command):
      "'\(command)' needs '\(flag) \(placeholder)'; see '\(command) --help'"
    case .twoDataSets(let operand, let option):
      "'\(operand)' and '--dataset \(option)' name two data sets; give one of them"
    case .twoConfigurations:
      "--resume and --config exclude each other: a run goes on by its own config.json; leave one out"
    case .unknownShell(let name, let choices):
      "unknown shell '\(name)'; choose \(choices.asChoices)"
    case .excluded(let flags, let command):
      "\(flags.asEnumeration) exclude each other; give one of them, see '\(command) --help'"
    }
  }

  private static func hint(_ nearest: String?, _ command: String) -> String {
    (nearest.map { "did you mean '\($0)'? " } ?? "") + "see '\(command) --help'"
  }
}
