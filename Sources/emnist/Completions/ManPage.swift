import Support

/// The manual page `emnist(1)`, made from the same tables as help.
enum ManPage {
  /// In troff's language with the macros of `man`.
  static var text: String {
    let commands = CompletedCommand.all.filter { $0.description is any Command.Type }
    return [
      ".TH EMNIST 1 \"\" \"emnist \(programVersion)\" \"User Commands\"",
      section("NAME", escaped("emnist - \(RootCommand.abstract)")),
      section("SYNOPSIS", ".B emnist\n.I COMMAND\n[OPTION\\[u2026]]"),
      section(
        "DESCRIPTION",
        paragraph(
          "Every command has examples and options of its own; "
            + "'emnist COMMAND --help' shows them in the terminal.")),
      section("COMMANDS", commands.map(command).joined(separator: "\n")),
      section("ENVIRONMENT", environment),
      section("FILES", files),
      section("EXIT STATUS", exitCodes),
    ].joined(separator: "\n") + "\n"
  }

  private static func section(_ title: String, _ body: String) -> String {
    ".SH \"\(title)\"\n\(body)"
  }

  private static func command(_ place: CompletedCommand) -> String {
    guard let command = place.description as? any Command.Type else { return "" }
    let operands = command.operands.map(\.usage)
    let usage = ([place.path] + operands + ["[OPTION…]"]).joined(separator: " ")
    let rows =
      command.operands.map { term($0.name, $0.help) }
      + place.options.map { option in
        term(option.usage.trimmed, option.help)
      }
    let examples = command.examples.map { term($0.line, $0.meaning) }
    return
      ([".SS \"\(escaped(usage))\"", paragraph(sentence(command.abstract))] + rows
      + command.notes.map { ".PP\n" + paragraph($0) } + [".PP\nExamples:"] + examples)
      .joined(separator: "\n")
  }

  private static var environment: String {
    [
      (
        "EMNIST_NAME",
        "the value of an option of 'emnist train', as EMNIST_VAL_SPLIT for --val-split; "
          + "flags win over it, and it wins over --config"
      ),
      ("EMNIST_SIMD", "the instruction set: avx512, avx2 or portable; the result is the same"),
      ("EMNIST_THREADS", "threads, for speed only"),
      (
        "EMNIST_CACHE",
        "the sizes of a core's first and second data caches, as 32K,1M; for speed only"
      ),
      ("NO_COLOR, FORCE_COLOR, COLUMNS", "as everywhere"),
    ].map { term($0, $1) }.joined(separator: "\n")
  }

  private static var files: String {
    [
      ("runs/MODEL-DATASET-N/", "what 'emnist train' writes, one directory a run"),
      ("./data, ~/.cache/emnist", "where data sets are looked for, unless --data says where"),
    ].map { term($0, $1) }.joined(separator: "\n")
  }

  private static var exitCodes: String {
    [
      (ExitCode.success, "success"),
      (.failure, "the work ran and failed: a training diverged, --fail-under was missed"),
      (.usage, "the command line is wrong"),
      (.dataError, "a file that was read is malformed"),
      (.noInput, "a file or directory that was named is not there"),
      (.unavailable, "a thing that is needed is not there"),
      (.software, "a fault of emnist"),
      (.cannotCreate, "an output cannot be created"),
      (.ioError, "reading or writing failed half-way"),
      (
        .temporaryFailure,
        "another process holds a lock, or SIGUSR1, SIGUSR2 or SIGHUP ended a command that goes on: "
          + "give it again"
      ),
      (.configuration, "a configuration is wrong"),
      (.interrupted, "interrupted by SIGINT, with everything so far saved"),
      (.terminated, "ended by SIGTERM, with everything so far saved"),
    ].map { term("\($0.rawValue)", $1) }.joined(separator: "\n")
  }

  private static func term(_ name: String, _ text: String) -> String {
    ".TP\n\\fB\(escaped(name))\\fR\n\(paragraph(text))"
  }

  private static func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + "."
  }

  /// Lines of at most 80 bytes, with what is escaped.
  private static func paragraph(_ text: String) -> String {
    TextLayout.wrapped(text, width: 64).map(escaped).joined(separator: "\n")
  }

  /// `text` with what troff would take for its own language; beyond ASCII by number.
  static func escaped(_ text: String) -> String {
    let plain = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\\": "\\e"
      case "-": "\\-"
      case "'": "\\(aq"
      case "`": "\\`"
      case "^": "\\(ha"
      case "~": "\\(ti"
      case "\"": "\\(dq"
      case _ where scalar.isASCII: String(scalar)
      default: "\\[u" + String(scalar.value, radix: 16, uppercase: true).padded(zeros: 4) + "]"
      }
    }.joined()
    return plain.hasPrefix(".") ? "\\&" + plain : plain
  }
}

extension String {
  fileprivate var trimmed: String { String(drop { $0 == " " }) }

  fileprivate func padded(zeros width: Int) -> String {
    String(repeating: "0", count: max(0, width - count)) + self
  }
}
