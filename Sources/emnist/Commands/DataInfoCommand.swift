import Experiments
import Support

/// `emnist data info`: images, classes and files of a data set.
struct DataInfoCommand: Command {
  static let name = "info"
  static let abstract = "describe a data set: files, images, count of each class"
  static let examples = [
    Example("emnist data info letters", "one of EMNIST's splits"),
    Example("emnist data info --data ./my-images", "the one data set in a directory"),
  ]
  static let operands = DataSetOptions.operands
  static let options = DataSetOptions.options + [OutputOptions.json, OutputOptions.color.option]

  let dataSet: DataSetOptions
  let output: OutputOptions

  init(_ arguments: Arguments) throws {
    dataSet = try DataSetOptions(arguments)
    output = try OutputOptions(arguments)
  }

  func run() throws -> ExitCode { throw UnfinishedCommand(name: "emnist data info") }
}
