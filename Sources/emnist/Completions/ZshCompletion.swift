/// Completion for zsh.
enum ZshCompletion {
  /// The file `_emnist`, for a directory of `$fpath`; or for `source <(emnist completions zsh)`.
  static var script: String {
    """
    #compdef emnist
    # Completion of emnist for zsh, made by 'emnist completions zsh'.

    _emnist_runs() {
      local -a runs
      runs=(runs/*(N/))
      compadd -a runs || _directories
    }

    \(CompletedCommand.all.map(function).joined(separator: "\n\n"))

    if [[ $funcstack[1] == _emnist ]]; then
      _emnist "$@"
    else
      compdef _emnist emnist
    fi

    """
  }

  private static func function(_ command: CompletedCommand) -> String {
    let options = command.options.flatMap(specifications)
    guard command.subcommands.isEmpty else { return group(command, options) }
    var rows = options
    let operand = command.operand
    if operand != Completion() { rows.append("'*:argument:\(action(operand))'") }
    return """
      \(command.function)() {
        _arguments -s \\
      \(rows.joined(separator: " \\\n").indented(4))
      }
      """
  }

  private static func group(_ command: CompletedCommand, _ options: [String]) -> String {
    let names = command.subcommands.map { "'\($0.name):\(quoted($0.abstract))'" }
    let clauses = command.subcommands.map {
      "\($0.name)) \(command.function)_\($0.name) ;;"
    }
    return """
      \(command.function)() {
        local curcontext=$curcontext state line
        local -a commands
        commands=(
      \(names.joined(separator: "\n").indented(4))
        )
        _arguments -C \\
      \(options.joined(separator: " \\\n").indented(4)) \\
          '1: :->command' '*:: :->rest'
        case $state in
          command) _describe command commands ;;
          rest)
            case $line[1] in
      \(clauses.joined(separator: "\n").indented(8))
            esac ;;
        esac
      }
      """
  }

  /// One a spelling, so that each excludes the others.
  private static func specifications(_ option: CommandOption) -> [String] {
    let all = option.spellings
    return all.map { spelling in
      let others = all.count > 1 ? "(\(all.joined(separator: " ")))" : ""
      let mark = option.takesValue ? (spelling.hasPrefix("--") ? "=" : "+") : ""
      let value = option.placeholder.map { ":\(quoted($0)):\(action(option.completion))" } ?? ""
      return "'\(others)\(spelling)\(mark)[\(quoted(option.help))]\(value)'"
    }
  }

  private static func action(_ completion: Completion) -> String {
    let words = completion.words.isEmpty ? nil : "(\(completion.words.joined(separator: " ")))"
    let paths: String? =
      switch completion.paths {
      case .none: nil
      case .files: "_files"
      case .directories: "_directories"
      case .runs: "_emnist_runs"
      }
    guard let words, let paths else { return words ?? paths ?? " " }
    return "{compadd -- \(words.dropFirst().dropLast()); \(paths)}"
  }

  /// For a place between single quotes and brackets, where a colon would end the text.
  private static func quoted(_ text: String) -> String {
    text.replacing("'", with: "'\\''").replacing("[", with: "\\[").replacing("]", with: "\\]")
      .replacing(":", with: "\\:")
  }
}
