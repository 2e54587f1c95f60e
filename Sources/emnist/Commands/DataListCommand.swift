import Configuration
import Datasets
import Reports
import Support

/// `emnist data list`: which data sets are found where.
struct DataListCommand: Command {
  static let name = "list"
  static let abstract = "list the data sets that are found, and where"
  static let examples = [
    Example("emnist data list", "in all the usual places"),
    Example("emnist data list --data ~/emnist", "in one directory"),
  ]
  static let notes = [
    "The usual places are $EMNIST_DATA, ./data, and emnist in $XDG_CACHE_HOME or ~/.cache. Where no "
      + "data set is found, the list ends with the way to EMNIST.",
    "--json prints schema, places (each with path, origin, exists and datasets: name, folder, "
      + "parts, train, test, classes, problem) and built_in (name, train, test, classes).",
  ]
  static let options =
    placeOptions.commandOptions() + [OutputOptions.json, OutputOptions.color.option]

  private static let placeOptions = [ConfigurationOption].named("data")

  /// The one directory to look through; `nil` for the usual places.
  let directory: String?
  let output: OutputOptions
  let environment: [String: String]

  init(_ arguments: Arguments) throws {
    directory = try arguments.configuration(Self.placeOptions).configuration.data
    output = try OutputOptions(arguments)
    environment = arguments.environment
  }

  func run() throws -> ExitCode {
    let inventory = try DataInventory(directory: directory, environment: environment)
    try StandardStream.output.put(
      output.json
        ? JSONValue.object(inventory.json).text(pretty: true)
        : DataListText(inventory, terminal: output.resultTerminal).text)
    return .success
  }
}
