/// Completion for fish.
enum FishCompletion {
  /// The file `emnist.fish`, for `~/.config/fish/completions`.
  static var script: String {
    """
    # Completion of emnist for fish, made by 'emnist completions fish'.
    function __emnist_at --description 'Whether these words lead to the command being typed'
      set -l place emnist
      for word in (commandline -opc)[2..-1]
        switch "$place $word"
          case \(places)
            set place "$place $word"
        end
      end
      test "$place" = "$argv"
    end

    function __emnist_runs
      for run in runs/*/
        echo $run
      end
      __fish_complete_directories
    end

    complete -c emnist -f
    \(CompletedCommand.all.map(lines).joined(separator: "\n"))

    """
  }

  private static var places: String {
    CompletedCommand.all.filter { !$0.words.isEmpty }.map { "'\($0.path)'" }.joined(separator: " ")
  }

  private static func lines(_ command: CompletedCommand) -> String {
    let start = "complete -c emnist -n '__emnist_at \(command.path)'"
    let names = command.subcommands.map { "\(start) -a \($0.name) -d '\(quoted($0.abstract))'" }
    let operand = command.subcommands.isEmpty ? arguments(command.operand).map { start + $0 } : nil
    let options = command.options.flatMap { option in
      option.flags.enumerated().map { index, flag in
        let short = index == 0 ? option.short.map { " -s \($0)" } ?? "" : ""
        let value = option.takesValue ? " -r" + (arguments(option.completion) ?? " -f") : ""
        return "\(start) -l \(flag.dropFirst(2))\(short)\(value) -d '\(quoted(option.help))'"
      }
    }
    return (names + [operand].compactMap(\.self) + options).joined(separator: "\n")
  }

  /// What to complete with; `nil` for nothing.
  private static func arguments(_ completion: Completion) -> String? {
    let words = completion.words.joined(separator: " ")
    return switch completion.paths {
    case .none: words.isEmpty ? nil : " -f -a '\(words)'"
    case .files: " -F" + (words.isEmpty ? "" : " -a '\(words)'")
    case .directories: " -f -a '(__fish_complete_directories)'"
    case .runs: " -f -a '(__emnist_runs)'"
    }
  }

  private static func quoted(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
  }
}
