/// Completion for bash, from version 3.2 on and without the package bash-completion.
enum BashCompletion {
  /// The script, for `source <(emnist completions bash)`.
  static var script: String {
    """
    # Completion of emnist for bash, made by 'emnist completions bash'.
    _emnist_paths() {
      local IFS=$'\\n'
      compopt -o filenames 2>/dev/null
      case $1 in
        files) COMPREPLY+=($(compgen -f -- "$2")) ;;
        directories) COMPREPLY+=($(compgen -d -- "$2")) ;;
        runs)
          COMPREPLY+=($(compgen -d -- "$2"))
          case runs/ in
            "$2"*) COMPREPLY+=($(compgen -d -- runs/)) ;;
          esac ;;
      esac
    }

    _emnist() {
      local current=${COMP_WORDS[COMP_CWORD]} previous= place=emnist words= paths= i
      COMPREPLY=()
      for ((i = 1; i < COMP_CWORD; i++)); do
        case "$place ${COMP_WORDS[i]}" in
    \(places.indented(6))
        esac
      done
      # '--out=x' comes as three words.
      previous=${COMP_WORDS[COMP_CWORD - 1]}
      if [[ $current == = ]]; then
        current=
      elif [[ $previous == = && $COMP_CWORD -gt 1 ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
      fi
      case $place in
    \(CompletedCommand.all.map(clause).joined(separator: "\n").indented(4))
      esac
      COMPREPLY=($(compgen -W "$words" -- "$current"))
      if [[ -n $paths ]]; then _emnist_paths "$paths" "$current"; fi
    }

    complete -F _emnist emnist

    """
  }

  /// Every word that leads to another command.
  private static var places: String {
    CompletedCommand.all.filter { !$0.words.isEmpty }
      .map { "'\($0.path)') place='\($0.path)' ;;" }.joined(separator: "\n")
  }

  /// What comes in question at one command.
  private static func clause(_ command: CompletedCommand) -> String {
    let valued = command.options.filter(\.takesValue)
    let known = valued.map { option in
      "\(option.spellings.joined(separator: "|"))) \(assignments(option.completion)) ;;"
    }
    let flags = command.options.flatMap(\.flags).joined(separator: " ")
    let names = command.subcommands.map { $0.name }.joined(separator: " ")
    let other = names.isEmpty ? assignments(command.operand) : "words='\(names)'"
    return """
      '\(command.path)')
        case $previous in
      \(known.joined(separator: "\n").indented(4))
          *)
            case $current in
              -*) words='\(flags)' ;;
              *) \(other) ;;
            esac ;;
        esac ;;
      """
  }

  private static func assignments(_ completion: Completion) -> String {
    let paths =
      switch completion.paths {
      case .none: ""
      case .files: "paths=files"
      case .directories: "paths=directories"
      case .runs: "paths=runs"
      }
    let words = completion.words.isEmpty ? "" : "words='\(completion.words.joined(separator: " "))'"
    return [words, paths].filter { !$0.isEmpty }.joined(separator: " ")
  }
}

extension String {
  /// Every line that is not empty, indented by so many spaces.
  func indented(_ count: Int) -> String {
    split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : String(repeating: " ", count: count) + $0 }
      .joined(separator: "\n")
  }
}
