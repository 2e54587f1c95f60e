import Configuration
import Datasets
import Reports
import Support

/// `emnist data convert`: writes any data that are read in another layout.
struct DataConvertCommand: Command {
  static let name = "convert"
  static let abstract = "write a data set as IDX files, as an .npz file or as folders of pictures"
  static let examples = [
    Example("emnist data convert ./scans -o scans-idx", "folders of pictures as IDX files"),
    Example("emnist data convert letters -o letters.npz", "one of EMNIST's splits, for Keras"),
    Example("emnist data convert mnist.npz -o mnist-png --to folders", "a PNG for each image"),
  ]
  static let notes = [
    "IDX files are compressed, lie in the directory DIR and have a mapping file beside them. An "
      + ".npz file holds x_train, y_train, x_test and y_test as Keras has them, and x_val and y_val; "
      + "its mapping file lies beside it. Folders are DIR/train/CLASS/000000.png, numbered in the "
      + "order of the set.",
    "Images are written upright, with the labels that the set's own files have. What is written is "
      + "read back as the same images with the same classes. Nothing is overwritten.",
  ]
  static let operands = [
    Operand(
      name: "IN", help: "a directory, a file, or the name of a data set", isRequired: true)
  ]
  static let options =
    [out, layout] + configurationOptions.commandOptions() + [OutputOptions.quiet]

  private static let heading = "Conversion"
  private static let configurationOptions = [ConfigurationOption].named(
    "dataset", "mapping", "transpose", "label_column", "image_size", "test_split")
  private static let out = CommandOption(
    "--out", short: "o", "PATH", heading: heading, help: "what to write, required")
  private static let layout = CommandOption(
    "--to", "LAYOUT", heading: heading,
    help: "idx, npz or folders (default: npz if PATH ends in .npz, else idx)")

  let out: String
  let layout: DataLayout
  let request: DataRequest
  let quiet: Bool
  let environment: [String: String]

  init(_ arguments: Arguments) throws {
    guard let out = try arguments.path(Self.out) else {
      throw UsageError.missingOption(flag: "--out", placeholder: "PATH", command: arguments.command)
    }
    self.out = out
    layout =
      try arguments.value(Self.layout, .choice(of: "layout"))
      ?? (out.lowercased().hasSuffix(".npz") ? .npz : .idx)
    var layers = try arguments.configuration(Self.configurationOptions)
    let input = arguments.operands[0]
    let isPlace = FileSystem.exists(input)
    guard isPlace || !input.contains(where: { "/.".contains($0) }) else {
      throw FileError.missing(path: input)
    }
    if !isPlace { try layers.layDataSet(input) }
    try layers.validate()
    var request = layers.configuration.dataRequest
    if isPlace { request.directory = input }
    self.request = request
    quiet = arguments.isOn(OutputOptions.quiet)
    environment = arguments.environment
  }

  func run() throws -> ExitCode {
    let data = try loadData(
      request, parts: [], environment: environment,
      progress: quiet ? nil : PictureCount.shown("reading"))
    if let notice = data.notice { try StandardStream.error.put("emnist: \(notice.shown)\n") }
    let files = try data.dataset.write(
      as: layout, to: out, progress: quiet ? nil : PictureCount.shown("writing"))
    var text = DataFileText.text(files, for: Terminal(descriptor: 1))
    if !quiet {
      let facts = data.dataset.decisions.map { "\($0)".shown + "\n" }.joined()
      text = facts + text + "\nNext: emnist train --data \(out.shellWord.shown)\n"
    }
    try StandardStream.output.put(text)
    return .success
  }
}
