import Support

/// The whole program as a function of its words and environment.
enum Program {
  /// Finds the command, reads its options and runs it. Every error becomes one line on standard
  /// error and an exit code.
  static func run(_ words: [String], environment: [String: String]) -> ExitCode {
    do {
      return try perform(words[...], at: .root, environment: environment)
    } catch let error as any UserError {
      complain(error.sentence)
      return error.exitCode
    } catch {
      complain("internal error: \(error); this is a fault of emnist, please report it")
      return .software
    }
  }

  private static func perform(
    _ words: ArraySlice<String>, at place: CommandPlace, environment: [String: String]
  ) throws -> ExitCode {
    if let command = place.description as? any Command.Type {
      return try perform(words, command, at: place, environment: environment)
    }
    // A name alone asks what there is, but a script that lost its command should notice.
    guard let word = words.first else {
      try StandardStream.error.put(place.help)
      return .usage
    }
    switch word {
    case "-h", "--help":
      try StandardStream.output.put(place.help)
      return .success
    case "--version":
      let version = try CommandPlace.root.descending(to: VersionCommand.name)
      return try perform(words.dropFirst(), at: version, environment: environment)
    case _ where word.hasPrefix("-"):
      throw UsageError.optionBeforeCommand(word, group: place.path)
    default:
      let next = try place.descending(to: word)
      return try perform(words.dropFirst(), at: next, environment: environment)
    }
  }

  private static func perform(
    _ words: ArraySlice<String>, _ command: any Command.Type, at place: CommandPlace,
    environment: [String: String]
  ) throws -> ExitCode {
    // Whoever asks for help gets it, whatever else is wrong with the line.
    if words.prefix(while: { $0 != "--" }).contains(where: { $0 == "-h" || $0 == "--help" }) {
      try StandardStream.output.put(place.help)
      return .success
    }
    let arguments = try ArgumentParser.parse(
      words, for: place.path, options: command.options, operands: command.operands,
      environment: environment)
    return try command.init(arguments).run()
  }

  /// One line on standard error. If that cannot be written, the exit code still speaks.
  static func complain(_ message: String) {
    try? StandardStream.error.put("emnist: \(oneLine(message))\n")
  }

  /// `text` with control characters, as a file name may hold them, written as Swift escapes.
  private static func oneLine(_ text: String) -> String {
    text.unicodeScalars.map {
      $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0)
    }.joined()
  }
}
