import Configuration
import Platform
import Support
import Training

/// The whole program as a function of its words and environment.
enum Program {
  /// Finds the command, reads its options and runs it. Every error becomes one line on standard
  /// error and an exit code.
  static func run(_ words: [String], environment: [String: String]) -> ExitCode {
    do {
      return try perform(words[...], at: .root, environment: environment)
    } catch let error as any UserError {
      complain(error.sentence, details: (error as? any AdvisedError)?.details ?? [])
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
    for remark in StrayVariables.remarks(on: environment) { complain(remark) }
    return try command.init(arguments).run()
  }

  /// One line on standard error, and one for each of what it counts. If that cannot be written, the
  /// exit code still speaks.
  static func complain(_ message: String, details: [String] = []) {
    let lines = ["emnist: \(message.shown)"] + details.map { "  " + $0.shown }
    try? StandardStream.error.put(lines.map { $0 + "\n" }.joined())
  }
}

/// A command or group in the tree of commands, with its whole name.
struct CommandPlace: Sendable {
  let description: any CommandDescription.Type
  /// `emnist data list`
  let path: String

  static let root = CommandPlace(description: RootCommand.self, path: RootCommand.name)

  var help: String { HelpText.text(for: description, path: path) }

  /// The subcommand of this name.
  ///
  /// - Throws: ``UsageError/unknownCommand(_:group:nearest:)``, and
  ///   ``UsageError/unexpectedOperand(_:command:)`` if this is no group.
  func descending(to name: String) throws -> CommandPlace {
    guard let group = description as? any CommandGroup.Type else {
      throw UsageError.unexpectedOperand(name, command: path)
    }
    guard let found = group.subcommands.first(where: { $0.name == name }) else {
      let nearest = nearestName(to: name, in: group.subcommands.map { $0.name })
      throw UsageError.unknownCommand(name, group: path, nearest: nearest)
    }
    return CommandPlace(description: found, path: "\(path) \(name)")
  }
}

/// Results go to standard output, everything else to standard error.
enum StandardStream: Int32 {
  case output = 1
  case error = 2

  /// Writes all of `text` at once; no control that is not ours among it (``String/shownLines``).
  ///
  /// - Throws: ``FileError/cannotWrite(path:reason:)``, as when the disk behind `>` is full.
  func put(_ text: String) throws {
    guard FileSystem.write(Array(text.shownLines.utf8).span, to: rawValue) else {
      // A terminal that is lost takes no words; what they say is in files.
      if errno == EIO, Interruption.signal == SIGHUP { return }
      throw FileError.cannotWrite(path: path, reason: errno)
    }
  }

  private var path: String { self == .output ? "standard output" : "standard error" }
}

/// Variables of the environment that look like the program's own and mean nothing to it.
enum StrayVariables {
  private static let known = Set(
    ConfigurationOption.all.map(\.variable) + ["EMNIST_SIMD", "EMNIST_CACHE"])

  /// A sentence for each, in the order of their names.
  static func remarks(on environment: [String: String]) -> [String] {
    environment.keys.filter { $0.hasPrefix(prefix) && !known.contains($0) }.sorted().map { name in
      let nearest = ConfigurationOption.nearest(to: name.dropFirst(prefix.count).lowercased())
      let question = nearest.map { "; did you mean \(ConfigurationOption.known($0).variable)?" }
      return "the variable \(name) means nothing here" + (question ?? "")
    }
  }

  private static let prefix = "EMNIST_"
}
