import NN

/// What may stand where a value or an operand is typed.
struct Completion: Equatable, Sendable {
  /// Paths that come in question.
  enum Paths: Sendable {
    case none, files, directories
    /// The runs under `runs/`, and other directories.
    case runs
  }

  var words: [String] = []
  var paths = Paths.none

  init(words: [String] = [], paths: Paths = .none) {
    (self.words, self.paths) = (words, paths)
  }

  /// What a placeholder of help stands for: `DIR`, `FILE`, `RUN`.
  init(placeholder: String, words: [String]) {
    self.words = words
    paths =
      switch placeholder {
      case "DIR": .directories
      case "FILE", "CONFIG": .files
      case "RUN": .runs
      default: .none
      }
    // A model may also be a file of one's own.
    if words.contains(ModelPreset.cnn.name) { paths = .files }
  }
}

/// A command as shells complete it.
struct CompletedCommand: Sendable {
  /// The words that lead to it, `["data", "list"]`; none at the root.
  let words: [String]
  let description: any CommandDescription.Type

  /// The program, its groups and its commands, each before what is below it.
  static let all = commands(below: [], RootCommand.self)

  private static func commands(
    below words: [String], _ description: any CommandDescription.Type
  ) -> [CompletedCommand] {
    let own = CompletedCommand(words: words, description: description)
    guard let group = description as? any CommandGroup.Type else { return [own] }
    return [own] + group.subcommands.flatMap { commands(below: words + [$0.name], $0) }
  }

  /// `emnist data list`
  var path: String { ([RootCommand.name] + words).joined(separator: " ") }

  /// `_emnist_data_list`, the name of a shell's function.
  var function: String { "_" + ([RootCommand.name] + words).joined(separator: "_") }

  var subcommands: [any CommandDescription.Type] {
    (description as? any CommandGroup.Type)?.subcommands ?? []
  }

  var options: [CommandOption] {
    let own = (description as? any Command.Type)?.options ?? []
    return own + [.help] + (words.isEmpty ? [.version] : [])
  }

  /// What operands may be.
  var operand: Completion {
    if description is HelpCommand.Type {
      return Completion(words: RootCommand.subcommands.map { $0.name })
    }
    let rules = (description as? any Command.Type)?.operands ?? []
    return rules.first.map { Completion(placeholder: $0.name, words: $0.words) } ?? Completion()
  }
}

extension CommandOption {
  /// What its value may be.
  var completion: Completion { Completion(placeholder: placeholder ?? "", words: choices) }

  /// The long spellings that change something.
  var flags: [String] {
    guard !takesValue else { return [flag] }
    return switch negation {
    case .hidden: [flag]
    case .shown: [flag, negatedFlag]
    case .only: [negatedFlag]
    }
  }

  /// All spellings, the one-letter form first.
  var spellings: [String] { (short.map { ["-\($0)"] } ?? []) + flags }

  static let version = CommandOption(
    "--version", heading: "Output", help: "print the version, the SIMD set and the threads")
}
