import Experiments
import Support

/// `emnist data preview`: a contact sheet, upright.
struct DataPreviewCommand: Command {
  static let name = "preview"
  static let abstract = "show pictures of a data set in the terminal, or write them as a PNG"
  static let examples = [
    Example("emnist data preview balanced", "a few of each class, in the terminal"),
    Example("emnist data preview digits -o sheet.png", "the same as a picture"),
  ]
  static let operands = DataSetOptions.operands
  static let options =
    DataSetOptions.options + [out, part.option, perClass.option]
    + seedOptions.commandOptions(heading: heading) + [OutputOptions.color.option]

  /// The values of `--part`.
  enum Part: String, CaseIterable { case train, test }

  private static let heading = "Preview"
  private static let seedOptions = [ConfigurationOption].named("seed")
  private static let out = CommandOption(
    "--out", short: "o", "FILE", heading: heading, help: "write a PNG instead")
  private static let part = TypedOption(
    "--part", .choice(of: "part"), "NAME", default: Part.train, heading: heading,
    help: "which images")
  private static let perClass = TypedOption(
    "--per-class", .wholeNumber(in: 1...100), "N", default: 4, heading: heading,
    help: "pictures of each class")

  let dataSet: DataSetOptions
  /// Where the PNG goes; `nil` for the terminal.
  let out: String?
  let part: Part
  let perClass: Int
  let seed: UInt64
  let output: OutputOptions

  init(_ arguments: Arguments) throws {
    dataSet = try DataSetOptions(arguments)
    out = try arguments.path(Self.out)
    part = try arguments.value(Self.part)
    perClass = try arguments.value(Self.perClass)
    seed = try arguments.configuration(Self.seedOptions).configuration.seed
    output = try OutputOptions(arguments)
  }

  func run() throws -> ExitCode { throw UnfinishedCommand(name: "emnist data preview") }
}
