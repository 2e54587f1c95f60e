import Support

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
