import Analysis
import Configuration
import Metrics
import Reports
import Support
import Tensor
import Training

/// `emnist predict`: says what the characters in pictures are.
struct PredictCommand: Command {
  static let name = "predict"
  static let abstract = "say what the characters in pictures are"
  static let examples = [
    Example("emnist predict photo.png", "with the newest run under runs/"),
    Example("emnist predict --run runs/cnn-1 *.png", "many, with a certain run"),
    Example("emnist predict --json --top 5 scan.pgm", "for programs"),
  ]
  static let operands = [
    Operand(
      name: "FILE",
      help: "a picture of one character, a directory of such, - for standard input, or a file "
        + "of images such as IDX",
      isRequired: true, repeats: true)
  ]
  static let notes = [
    "A photo or scan is brought into the form of the images that the run was trained on: paper "
      + "levelled, dirt removed, the character centered, 28 x 28 pixels. A picture of that size "
      + "with a clean border is taken as it is. On a terminal with color what the network saw "
      + "is drawn beside the answer.",
    "--json prints schema, run and predictions, each with file, index (in an IDX file), label, "
      + "probability, inverted, form (none, emnist or mnist) and top (label, probability). A file "
      + "that cannot be read is named, the others are classified, and the exit code is its own.",
  ]
  static let options =
    [run, top.option, invert] + configurationOptions.commandOptions(heading: heading)
    + OutputOptions.all

  private static let heading = "Prediction"
  private static let configurationOptions = [ConfigurationOption].named("transpose", "threads")
  private static let run = CommandOption(
    "--run", "RUN", heading: heading,
    help: "the run directory whose best checkpoint answers (default: the newest under runs/)")
  private static let top = TypedOption(
    "--top", .classCount, "N", default: 3, heading: heading, help: "classes shown of each picture")
  private static let invert = CommandOption(
    "--invert", heading: heading, negation: .shown,
    help: "whether ink is dark on light paper (default: the border tells)")

  /// The run directory; `nil` for the newest.
  let runDirectory: String?
  let files: [String]
  let top: Int
  /// Whether ink is dark; `nil` lets each picture's border decide.
  let inverted: Bool?
  let configuration: TrainingConfiguration
  let output: OutputOptions

  init(_ arguments: Arguments) throws {
    runDirectory = try arguments.path(Self.run)
    files = arguments.operands.map { $0 == "-" ? "/dev/stdin" : $0 }
    top = try arguments.value(Self.top)
    inverted = try arguments.value(Self.invert, .truth)
    let layers = try arguments.configuration(Self.configurationOptions)
    try layers.validate()
    configuration = layers.configuration
    output = try OutputOptions(arguments)
  }

  func run() throws -> ExitCode {
    let run = try RunDirectory.find(runDirectory)
    let predictor = try Predictor(run, on: Device(configuration))
    let view = PredictionText(
      labels: predictor.labels, top: top, terminal: output.resultTerminal)
    var predictions: [PicturePrediction] = []
    var code = ExitCode.success
    for file in try files.flatMap(PictureFile.files) {
      let found: [PicturePrediction]
      do {
        found = try predictor.predict(
          file, inverted: inverted, transposed: configuration.transpose)
      } catch let error as any UserError {
        Program.complain(error.sentence)
        if code == .success { code = error.exitCode }
        continue
      }
      if output.json {
        predictions += found
      } else {
        try StandardStream.output.put(text(found, predictor.labels, view))
      }
    }
    if output.json { try put(predictions, of: run, predictor.labels) }
    return code
  }

  /// With `--quiet` nothing but the labels.
  private func text(
    _ predictions: [PicturePrediction], _ labels: [String], _ view: PredictionText
  ) -> String {
    guard output.quiet else { return view.text(predictions) }
    return predictions.map { labels[$0.top(1)[0].class] + "\n" }.joined()
  }

  private func put(
    _ predictions: [PicturePrediction], of run: RunDirectory, _ labels: [String]
  ) throws {
    let json: JSONValue = [
      "schema": 1, "run": .string(run.path),
      "predictions": .array(predictions.map { $0.json(labels: labels, top: top) }),
    ]
    try StandardStream.output.put(json.text() + "\n")
  }
}

extension ValueKind<Int> {
  /// How many classes to show.
  fileprivate static var classCount: Self {
    word("a whole number", toText: { "\($0)" }) { text throws(ValueProblem) in
      guard let count = Int(text) else { throw .wrongKind(expected: "a whole number") }
      guard (1...256).contains(count) else { throw .outOfBounds("from 1 to 256") }
      return count
    }
  }
}
