import Experiments
import Support

/// `emnist data list`: which data sets are found where.
struct DataListCommand: Command {
  static let name = "list"
  static let abstract = "list the data sets that are found, and where"
  static let examples = [
    Example("emnist data list", "in all the usual places"),
    Example("emnist data list --data ~/emnist", "in one directory"),
  ]
  static let options =
    placeOptions.commandOptions() + [OutputOptions.json, OutputOptions.color.option]

  private static let placeOptions = [ConfigurationOption].named("data")

  let configuration: TrainingConfiguration
  let output: OutputOptions

  init(_ arguments: Arguments) throws {
    configuration = try arguments.configuration(Self.placeOptions).configuration
    output = try OutputOptions(arguments)
  }

  func run() throws -> ExitCode { throw UnfinishedCommand(name: "emnist data list") }
}
