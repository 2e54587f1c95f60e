import Configuration
import Datasets
import Reports
import Support

/// `emnist data info`: images, classes and files of a data set.
struct DataInfoCommand: Command {
  static let name = "info"
  static let abstract = "describe a data set: files, images, count of each class"
  static let examples = [
    Example("emnist data info letters", "one of EMNIST's splits"),
    Example("emnist data info --data ./my-images", "the one data set in a directory"),
  ]
  static let notes = [
    "Mean and standard deviation are those of all pixels of a part, on a scale from 0 (paper) to 1 "
      + "(ink). Duplicates are images that equal an earlier one of their part, pixel for pixel; "
      + "images that both parts have, or that have two labels, are told of under the table.",
    "--json prints schema, dataset, built_in, classes, labels, height, width, transposed_on_disk, "
      + "note, decisions (what was found out about the files), parts (train, test and val, each "
      + "with count, mean, standard_deviation, duplicates and "
      + "class_counts), shared (test images that are training images too), contradicting and "
      + "files (path, role, bytes, count).",
  ]
  static let operands = DataSetOptions.operands
  static let options = DataSetOptions.options + [OutputOptions.json, OutputOptions.color.option]

  let dataSet: DataSetOptions
  let output: OutputOptions
  let environment: [String: String]

  init(_ arguments: Arguments) throws {
    dataSet = try DataSetOptions(arguments)
    output = try OutputOptions(arguments)
    environment = arguments.environment
  }

  func run() throws -> ExitCode {
    let data = try dataSet.load(environment: environment)
    let summary = DataSummary(data, limit: dataSet.configuration.limit)
    try StandardStream.output.put(
      output.json
        ? JSONValue.object(summary.json).text(pretty: true)
        : DataInfoText(summary, terminal: output.resultTerminal).text)
    return .success
  }
}

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
