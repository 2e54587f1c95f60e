import Configuration
import Datasets
import Support
import Tensor
import Training

/// `emnist`: the list of commands.
enum RootCommand: CommandGroup {
  static let name = "emnist"
  static let abstract = "train and evaluate classifiers of handwritten characters"
  static let subcommands: [any CommandDescription.Type] = [
    TrainCommand.self, SweepCommand.self, EvalCommand.self, PredictCommand.self,
    CompareCommand.self, AuditCommand.self, ReportCommand.self, ExportCommand.self,
    ServeCommand.self,
    DataCommand.self, ModelsCommand.self, BenchCommand.self, HelpCommand.self,
    CompletionsCommand.self, VersionCommand.self,
  ]
  static let examples = [
    Example("emnist train", "train a CNN on the data found, or on what ships")
  ]
  static let notes = [
    "See 'emnist COMMAND --help', 'emnist --version', 'emnist completions SHELL'."
  ]
}

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

/// `emnist --version`, and `emnist version`.
struct VersionCommand: Command {
  static let name = "version"
  static let abstract = "print the version, the SIMD set and the number of threads"
  static let examples = [Example("emnist --version", "as a script would ask")]
  static let isListed = false
  static let options = [ConfigurationOption].named("threads").commandOptions()

  let level: SIMDLevel
  let threads: Int

  init(_ arguments: Arguments) throws {
    level = try .chosen(environment: arguments.environment)
    let layers = try arguments.configuration(.named("threads"))
    threads = layers.configuration.threads ?? Device.processorCount
  }

  func run() throws -> ExitCode {
    try StandardStream.output.put(
      "emnist \(programVersion) (SIMD: \(level.rawValue), threads: \(threads), commit: "
        + "\(programCommit.prefix(12)))\n")
    return .success
  }
}

let programVersion = "0.1.0"

/// `emnist data`: what data sets there are and what is in them.
enum DataCommand: CommandGroup {
  static let name = "data"
  static let abstract = "list, describe, show, fetch, make or convert data sets"
  static let subcommands: [any CommandDescription.Type] = [
    DataListCommand.self, DataInfoCommand.self, DataPreviewCommand.self, DataFetchCommand.self,
    DataSynthCommand.self, DataConvertCommand.self,
  ]
  static let examples = [
    Example("emnist data list", "what is found, and where"),
    Example("emnist data preview letters", "a sheet of pictures, in the terminal"),
  ]
}

extension DataSetOptions {
  /// Loads the images that are meant, and says on standard error if others stand in for them.
  func load(_ parts: DatasetParts = [], environment: [String: String]) throws -> LoadedData {
    let data = try loadData(
      configuration.dataRequest, parts: parts, environment: environment,
      progress: PictureCount.shown("reading"))
    if let notice = data.notice { try StandardStream.error.put("emnist: \(notice.shown)\n") }
    return data
  }
}
