/// `emnist`: the list of commands.
enum RootCommand: CommandGroup {
  static let name = "emnist"
  static let abstract = "train and evaluate classifiers of handwritten characters"
  static let subcommands: [any CommandDescription.Type] = [
    TrainCommand.self, SweepCommand.self, EvalCommand.self, PredictCommand.self,
    CompareCommand.self, AuditCommand.self, ReportCommand.self, DataCommand.self,
    ModelsCommand.self,
    BenchCommand.self, HelpCommand.self, CompletionsCommand.self, VersionCommand.self,
  ]
  static let examples = [
    Example("emnist train", "train a CNN on the data found, or on what ships"),
    Example("emnist eval --confusion", "test the newest run and show its mistakes"),
  ]
  static let notes = [
    "'emnist COMMAND --help' lists a command's options; 'emnist --version' says version, SIMD set "
      + "and threads; 'emnist completions SHELL' is for your shell."
  ]
}
