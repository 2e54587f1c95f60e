import Support

/// `emnist completions bash|zsh|fish`: the script by which a shell completes command lines.
struct CompletionsCommand: Command {
  static let name = "completions"
  static let abstract = "print the script by which a shell completes commands and options"
  static let isListed = false
  static let examples = [
    Example("emnist completions bash", "for ~/.bashrc: source <(emnist completions bash)"),
    Example("emnist completions zsh", "for a file _emnist in a directory of $fpath"),
    Example("emnist completions fish", "for ~/.config/fish/completions/emnist.fish"),
  ]
  static let operands = [
    Operand(
      name: "SHELL", help: Shell.allCases.map(\.rawValue).asChoices, isRequired: true,
      words: Shell.allCases.map(\.rawValue))
  ]
  static let options: [CommandOption] = []

  enum Shell: String, CaseIterable { case bash, zsh, fish }

  let shell: Shell

  init(_ arguments: Arguments) throws {
    let name = arguments.operands[0]
    guard let shell = Shell(rawValue: name) else {
      throw UsageError.unknownShell(name, choices: Shell.allCases.map(\.rawValue))
    }
    self.shell = shell
  }

  func run() throws -> ExitCode {
    let script =
      switch shell {
      case .bash: BashCompletion.script
      case .zsh: ZshCompletion.script
      case .fish: FishCompletion.script
      }
    try StandardStream.output.put(script)
    return .success
  }
}
