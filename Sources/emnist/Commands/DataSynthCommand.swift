import Experiments
import Support

/// `emnist data synth`: writes a data set of synthetic handwriting.
struct DataSynthCommand: Command {
  static let name = "synth"
  static let abstract = "write a data set of synthetic handwriting as IDX files"
  static let examples = [
    Example("emnist data synth -o glyphs", "51,700 images in ./glyphs"),
    Example("emnist data synth -o tiny --train-count 470", "a small one"),
  ]
  static let options =
    [out, trainCount.option, testCount.option]
    + configurationOptions.commandOptions(heading: heading)
    + [force, OutputOptions.quiet]

  private static let heading = "Synthesis"
  private static let configurationOptions = [ConfigurationOption].named("seed", "threads")
  private static let out = CommandOption(
    "--out", short: "o", "DIR", heading: heading, help: "the directory to write, required")
  private static let trainCount = TypedOption(
    "--train-count", .wholeNumber(in: 0...10_000_000), "N", default: 47_000, heading: heading,
    help: "training images")
  private static let testCount = TypedOption(
    "--test-count", .wholeNumber(in: 0...10_000_000), "N", default: 4_700, heading: heading,
    help: "test images")
  private static let force = CommandOption(
    "--force", short: "f", heading: heading, help: "overwrite files that exist")

  let out: String
  let trainCount: Int
  let testCount: Int
  let seed: UInt64
  let threads: Int?
  let force: Bool
  let quiet: Bool

  init(_ arguments: Arguments) throws {
    guard let out = try arguments.path(Self.out) else {
      throw UsageError.missingOption(flag: "--out", placeholder: "DIR", command: arguments.command)
    }
    self.out = out
    trainCount = try arguments.value(Self.trainCount)
    testCount = try arguments.value(Self.testCount)
    let configuration = try arguments.configuration(Self.configurationOptions).configuration
    seed = configuration.seed
    threads = configuration.threads
    force = arguments.isOn(Self.force)
    quiet = arguments.isOn(OutputOptions.quiet)
  }

  func run() throws -> ExitCode { throw UnfinishedCommand(name: "emnist data synth") }
}
