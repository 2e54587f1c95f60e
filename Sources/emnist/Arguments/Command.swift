import Support

/// What help says about a command or a group of commands.
protocol CommandDescription: SendableMetatype {
  /// The word one types: `train`.
  static var name: String { get }
  /// One sentence, imperative, without a full stop: `train a model and write a run directory`.
  static var abstract: String { get }
  static var examples: [Example] { get }
  /// Paragraphs under the options.
  static var notes: [String] { get }
  /// Whether the group's help shows the command.
  static var isListed: Bool { get }
}

extension CommandDescription {
  static var notes: [String] { [] }
  static var isListed: Bool { true }
}

/// A command that does something.
protocol Command: CommandDescription {
  static var operands: [Operand] { get }
  static var options: [CommandOption] { get }

  /// Reads and checks everything that was typed; touches no data.
  init(_ arguments: Arguments) throws

  func run() throws -> ExitCode
}

extension Command {
  static var operands: [Operand] { [] }
}

/// A command that only leads to others: `emnist data`.
protocol CommandGroup: CommandDescription {
  static var subcommands: [any CommandDescription.Type] { get }
}

/// A line to type and what it does.
struct Example {
  let line: String
  let meaning: String

  init(_ line: String, _ meaning: String) {
    self.line = line
    self.meaning = meaning
  }
}

/// A word that is no option.
struct Operand {
  let name: String
  let help: String
  var isRequired = false
  var repeats = false
  /// Names to choose from, which shells complete.
  var words: [String] = []

  /// `[RUN]`, `FILE…`
  var usage: String {
    let word = repeats ? name + "…" : name
    return isRequired ? word : "[\(word)]"
  }
}
