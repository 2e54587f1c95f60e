import Configuration
import Support

/// Sorts a command's words into options and operands, as GNU's `getopt_long` does: in any order,
/// `--opt value`, `--opt=value`, `-o value`, `-ovalue`, `-qf` for `-q -f`, `--` before words that
/// only look like options; the last of several wins. Names are never abbreviated.
///
/// A word that begins with `-` is a value only if it is `-` or a number; `--name=-x` always works.
struct ArgumentParser {
  private let command: String
  private let options: [CommandOption]
  private let operandRules: [Operand]
  private var words: ArraySlice<String>
  private var values: [String: String] = [:]
  private var operands: [String] = []

  /// - Throws: ``UsageError``.
  static func parse(
    _ words: ArraySlice<String>, for command: String, options: [CommandOption],
    operands: [Operand], environment: [String: String]
  ) throws -> Arguments {
    var parser = ArgumentParser(
      command: command, options: options, operandRules: operands, words: words)
    try parser.readAll()
    try parser.checkOperands()
    return Arguments(
      command: command, operands: parser.operands, values: parser.values, environment: environment)
  }

  private init(
    command: String, options: [CommandOption], operandRules: [Operand], words: ArraySlice<String>
  ) {
    self.command = command
    self.options = options
    self.operandRules = operandRules
    self.words = words
  }

  private mutating func readAll() throws {
    while let word = words.popFirst() {
      if word == "--" {
        operands += words
        words = []
      } else if word.hasPrefix("--") {
        try readLong(word)
      } else if word.hasPrefix("-"), word != "-" {
        try readShort(word)
      } else {
        operands.append(word)
      }
    }
  }

  /// `--out DIR`, `--out=DIR`, `--force`, `--no-force`
  private mutating func readLong(_ word: String) throws {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let flag = String(parts[0])
    let attached = parts.count > 1 ? String(parts[1]) : nil
    if let option = options.first(where: { $0.flag == flag }) {
      if option.takesValue {
        values[flag] = try attached ?? nextValue(of: option)
      } else {
        try set(option, to: "true", written: flag, attached: attached)
      }
    } else if let option = options.first(where: { !$0.takesValue && $0.negatedFlag == flag }) {
      try set(option, to: "false", written: flag, attached: attached)
    } else {
      throw unknown(flag)
    }
  }

  private mutating func set(
    _ option: CommandOption, to value: String, written flag: String, attached: String?
  ) throws {
    if let attached { throw UsageError.needlessValue(flag: flag, value: attached) }
    values[option.flag] = value
  }

  /// `-o DIR`, `-oDIR`, `-q`, `-qf`
  private mutating func readShort(_ word: String) throws {
    // `-out DIR` would otherwise be read as `-o ut`.
    if options.contains(where: { $0.flag == "-" + word }) { throw unknown(word) }
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      guard let option = options.first(where: { $0.short == letter }) else { throw unknown(word) }
      if option.takesValue {
        values[option.flag] = try letters.isEmpty ? nextValue(of: option) : String(letters)
        return
      }
      values[option.flag] = "true"
    }
  }

  private mutating func nextValue(of option: CommandOption) throws -> String {
    guard let word = words.first, !Self.looksLikeOption(word) else {
      throw UsageError.missingValue(
        flag: option.flag, placeholder: option.placeholder ?? "", command: command)
    }
    words.removeFirst()
    return word
  }

  private static func looksLikeOption(_ word: String) -> Bool {
    word.hasPrefix("-") && word != "-" && Double(word) == nil
  }

  private func unknown(_ word: String) -> UsageError {
    let names =
      (options + [.help]).map(\.flag) + options.filter { !$0.takesValue }.map(\.negatedFlag)
    let meant = ConfigurationOption.called(word)?.flag
    let nearest =
      meant.flatMap { names.contains($0) ? $0 : nil } ?? nearestName(to: word, in: names)
    return .unknownOption(word, command: command, nearest: nearest)
  }

  private func checkOperands() throws {
    let isOpenEnded = operandRules.last?.repeats ?? false
    if operands.count > operandRules.count, !isOpenEnded {
      throw UsageError.unexpectedOperand(operands[operandRules.count], command: command)
    }
    if let index = operands.firstIndex(of: "") {
      let rule = operandRules[min(index, operandRules.count - 1)]
      throw UsageError.emptyOperand(rule.name, command: command)
    }
    for (index, rule) in operandRules.enumerated() where rule.isRequired && index >= operands.count
    {
      throw UsageError.missingOperand(rule.name, command: command)
    }
  }
}

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
  /// A run is gone on with or done again by its own record.
  case twoConfigurations(String)
  /// One mirror for files that have the same names.
  case mirrorOfSeveral
  case unknownShell(String, choices: [String])
  case excluded(flags: [String], command: String)
  case needsOption(flag: String, other: String, command: String)

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
    case .twoConfigurations(let flag):
      "\(flag) and --config exclude each other: a run's options are those that it recorded; "
        + "leave one out"
    case .mirrorOfSeveral:
      "--mirror is where the files of one data set lie, but several are named; fetch them one by one"
    case .unknownShell(let name, let choices):
      "unknown shell '\(name)'; choose \(choices.asChoices)"
    case .excluded(let flags, let command):
      "\(flags.asEnumeration) exclude each other; give one of them, see '\(command) --help'"
    case .needsOption(let flag, let other, let command):
      "\(flag) belongs to \(other), which was not given; see '\(command) --help'"
    }
  }

  private static func hint(_ nearest: String?, _ command: String) -> String {
    (nearest.map { "did you mean '\($0)'? " } ?? "") + "see '\(command) --help'"
  }
}
