import Configuration
import Datasets
import Reports
import Support

/// `emnist data synth`: writes a data set of synthetic handwriting.
struct DataSynthCommand: Command {
  static let name = "synth"
  static let abstract = "write a data set of synthetic handwriting as IDX files"
  static let examples = [
    Example("emnist data synth -o glyphs", "23,500 images in ./glyphs"),
    Example("emnist data synth -o big --train-count 470000", "many more"),
  ]
  static let notes = [
    "The 47 classes of EMNIST Balanced, in equal numbers, in the layout of EMNIST's files. The same "
      + "options give the same images, and more images only add to fewer. '--dataset "
      + "\(standard.name)' has the images that the defaults make."
  ]
  static let options =
    [out, setName.option, trainCount.option, testCount.option]
    + seedOptions.commandOptions(heading: heading) + [force, OutputOptions.quiet]

  private static let heading = "Synthesis"
  private static let standard = SyntheticData.standard
  private static let seedOptions = [ConfigurationOption].named("seed")
  private static let out = CommandOption(
    "--out", short: "o", "DIR", heading: heading, help: "the directory to write, required")
  private static let setName = TypedOption(
    "--name", .syntheticName, "NAME", default: "glyphs", heading: heading,
    help: "of the data set, in the files' names")
  private static let trainCount = TypedOption(
    "--train-count", .wholeNumber(in: 0...SyntheticData.largestCount), "N",
    default: standard.trainCount, heading: heading, help: "training images")
  private static let testCount = TypedOption(
    "--test-count", .wholeNumber(in: 0...SyntheticData.largestCount), "N",
    default: standard.testCount, heading: heading, help: "test images")
  private static let force = CommandOption(
    "--force", short: "f", heading: heading, help: "overwrite files that exist")

  let out: String
  let data: SyntheticData
  let force: Bool
  let quiet: Bool

  init(_ arguments: Arguments) throws {
    guard let out = try arguments.path(Self.out) else {
      throw UsageError.missingOption(flag: "--out", placeholder: "DIR", command: arguments.command)
    }
    self.out = out
    data = SyntheticData(
      name: try arguments.value(Self.setName), trainCount: try arguments.value(Self.trainCount),
      testCount: try arguments.value(Self.testCount),
      seed: try arguments.configuration(Self.seedOptions).configuration.seed)
    force = arguments.isOn(Self.force)
    quiet = arguments.isOn(OutputOptions.quiet)
  }

  func run() throws -> ExitCode {
    let files = try data.write(to: out, overwriting: force)
    var text = DataFileText.text(files, for: Terminal(descriptor: 1))
    if !quiet { text += "\nNext: emnist train --data \(out.shellWord.shown)\n" }
    try StandardStream.output.put(text)
    return .success
  }
}

extension ValueKind<String> {
  /// A name that files can be called by and that means no other data set.
  fileprivate static var syntheticName: Self {
    word(nameExpectation, toText: { $0 }) { text throws(ValueProblem) in
      guard !text.isEmpty, text.utf8.allSatisfy(isNameByte), !isTaken(text) else {
        throw .wrongKind(expected: nameExpectation)
      }
      return text
    }
  }

  private static var nameExpectation: String {
    "small letters, digits and underscores, and no known data set's name"
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static func isTaken(_ name: String) -> Bool {
    // A part's name would be taken for the part, and this one is drawn without files.
    KnownDataset(rawValue: name) != nil
      || ["train", "test", "t10k", SyntheticData.standard.name].contains(name)
  }
}
