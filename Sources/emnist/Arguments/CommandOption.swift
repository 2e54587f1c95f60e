import Configuration
import Support

/// An option as the parser and help see it.
struct CommandOption: Sendable {
  /// `--val-split`
  let flag: String
  /// `o` for `-o`.
  let short: Character?
  /// What stands for the value in help; `nil` if the option takes none.
  let placeholder: String?
  let help: String
  /// The names to choose from, if there is a fixed list.
  let choices: [String]
  /// The heading under which help lists it.
  let heading: String
  /// How a truth value may be written.
  let negation: Negation

  enum Negation {
    /// Only `--force` is worth showing; `--no-force` undoes an earlier one.
    case hidden
    /// Either may be wanted: `--[no-]transpose`.
    case shown
    /// On anyway, only `--no-shuffle` is worth showing.
    case only
  }

  init(
    _ flag: String, short: Character? = nil, _ placeholder: String? = nil, heading: String,
    negation: Negation = .hidden, choices: [String] = [], help: String
  ) {
    self.flag = flag
    self.choices = choices
    self.short = short
    self.placeholder = placeholder
    self.heading = heading
    self.negation = negation
    self.help = help
  }

  var takesValue: Bool { placeholder != nil }

  /// `--no-shuffle`
  var negatedFlag: String { "--no-" + flag.dropFirst(2) }

  /// The left column of help: `-o, --out DIR`.
  var usage: String {
    let name =
      switch negation {
      case .hidden: flag
      case .shown: "--[no-]" + flag.dropFirst(2)
      case .only: negatedFlag
      }
    return (short.map { "-\($0), " } ?? "    ") + name + (placeholder.map { " \($0)" } ?? "")
  }

  static let help = CommandOption("--help", short: "h", heading: "Output", help: "show this help")
}

/// An option of one command whose value has a type.
struct TypedOption<Value: Equatable & Sendable>: Sendable {
  let option: CommandOption
  let kind: ValueKind<Value>
  let fallback: Value

  init(
    _ flag: String, short: Character? = nil, _ kind: ValueKind<Value>, _ placeholder: String,
    default fallback: Value, heading: String, help: String
  ) {
    self.kind = kind
    self.fallback = fallback
    let choices = kind.choices.isEmpty ? "" : ": \(kind.choices.asChoices)"
    let standard = kind.text(fallback)
    option = CommandOption(
      flag, short: short, placeholder, heading: heading, choices: kind.choices,
      help: help + choices + (standard.isEmpty ? "" : " (default: \(standard))"))
  }
}

extension ConfigurationOption {
  /// The option as the parser and help see it, under `heading` or that of its group.
  func commandOption(heading: String? = nil) -> CommandOption {
    CommandOption(
      flag, short: Self.shortForms[name], placeholder, heading: heading ?? group.heading,
      negation: negation, choices: name == "dataset" ? DataSetOptions.names : choices,
      help: helpWithChoicesAndDefault)
  }

  /// The one-letter forms, each with the meaning it has in most programs.
  private static let shortForms: [String: Character] = ["out": "o", "force": "f", "threads": "j"]

  private static let untouched = TrainingConfiguration()

  private var negation: CommandOption.Negation {
    switch json(in: Self.untouched) {
    case .null where placeholder == nil: .shown
    case .bool(true): .only
    default: .hidden
    }
  }

  private var helpWithChoicesAndDefault: String {
    var text = help
    if !choices.isEmpty { text += ": " + choices.asChoices }
    if placeholder != nil, let value = self.text(in: Self.untouched) {
      text += " (default: \(value))"
    }
    return text
  }
}

extension ConfigurationOption.Group {
  fileprivate var heading: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}

extension [ConfigurationOption] {
  /// The options of these names, in the order of the names.
  static func named(_ names: String...) -> [ConfigurationOption] {
    names.map(ConfigurationOption.known)
  }

  func commandOptions(heading: String? = nil) -> [CommandOption] {
    map { $0.commandOption(heading: heading) }
  }
}
