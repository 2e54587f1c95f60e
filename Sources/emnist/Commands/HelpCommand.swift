import Support

/// `emnist help [COMMAND…]`.
struct HelpCommand: Command {
  static let name = "help"
  static let abstract = "explain a command"
  /// The overview says how to get help.
  static let isListed = false
  static let examples = [
    Example("emnist help data info", "what 'emnist data info' does"),
    Example("emnist help --man > emnist.1", "the manual page, for 'man ./emnist.1'"),
  ]
  static let operands = [Operand(name: "COMMAND", help: "the command to explain", repeats: true)]
  static let options = [man]

  private static let man = CommandOption(
    "--man", heading: "Output", help: "print the manual page of all commands, in troff's language")

  let text: String

  init(_ arguments: Arguments) throws {
    var place = CommandPlace.root
    for name in arguments.operands { place = try place.descending(to: name) }
    guard arguments.isOn(Self.man) else {
      text = place.help
      return
    }
    guard arguments.operands.isEmpty else {
      throw UsageError.excluded(flags: ["COMMAND", Self.man.flag], command: arguments.command)
    }
    text = ManPage.text
  }

  func run() throws -> ExitCode {
    try StandardStream.output.put(text)
    return .success
  }
}
