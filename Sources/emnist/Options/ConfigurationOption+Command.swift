import Configuration
import Support

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
