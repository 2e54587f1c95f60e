import Support

/// `emnist help [COMMAND…]`.
struct HelpCommand: Command {
  static let name = "help"
  static let abstract = "explain a command"
  /// The overview says how to get help.
  static let isListed = false
  static let examples = [Example("emnist help data info", "what 'emnist data info' does")]
  static let operands = [Operand(name: "COMMAND", help: "the command to explain", repeats: true)]
  static let options: [CommandOption] = []

  let text: String

  init(_ arguments: Arguments) throws {
    var place = CommandPlace.root
    for name in arguments.operands { place = try place.descending(to: name) }
    text = place.help
  }

  func run() throws -> ExitCode {
    try StandardStream.output.put(text)
    return .success
  }
}
