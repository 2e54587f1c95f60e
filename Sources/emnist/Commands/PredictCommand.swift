import Analysis
import Configuration
import Datasets
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
    Example("emnist predict --segment page.png -o found.png", "several characters, in order"),
    Example("emnist predict test.csv -o submission.csv", "a table as Kaggle wants it"),
  ]
  static let operands = [
    Operand(
      name: "FILE",
      help: "a picture of one character, a directory of such, - for standard input, or a file "
        + "of images such as IDX",
      isRequired: true, repeats: true)
  ]
  static let notes = [
    "A picture is brought into the form that was measured on the run's training images: paper "
      + "levelled, what is not the character's left out, the character as large, in the same place "
      + "and with strokes as wide and as soft. A picture that is of that form already is taken as "
      + "it is. On a terminal with color what the network saw is drawn beside the answer.",
    "--json prints schema, run and predictions, each with file, index (in an IDX file), label, "
      + "probability, score and accepted (see --threshold; "
      + "not there if the run has none), inverted, form (none or fitted), remarks, if there are any, and top (label, "
      + "probability); with --segment index counts the characters, line its lines, and box (x, y, "
      + "width, height) is in pixels. A file that cannot be read is named, the others are classified, and the "
      + "exit code is its own.",
  ]
  static let options =
    [run, top.option, threshold.option, showInput, segment, out, invert]
    + configurationOptions.commandOptions(heading: heading)
    + OutputOptions.all

  private static let heading = "Prediction"
  private static let configurationOptions = [ConfigurationOption].named("transpose", "threads")
  private static let run = CommandOption(
    "--run", "RUN", heading: heading,
    help: "the run directory whose best checkpoint answers (default: the newest under runs/)")
  private static let top = TypedOption(
    "--top", .classCount, "N", default: 3, heading: heading, help: "classes shown of each picture")
  private static let threshold = TypedOption(
    "--threshold", .rejectionThreshold, "SCORE", default: nil, heading: heading,
    help:
      "say of what scores lower that it is not a character; none: of nothing (default: the run's "
      + "own, fitted on its validation part)")
  private static let showInput = CommandOption(
    "--show-input", heading: heading,
    help: "with --json also input, the pixels that the network was given, row by row")
  private static let segment = CommandOption(
    "--segment", heading: heading,
    help: "pictures hold lines of separate characters, which are named one by one")
  private static let out = CommandOption(
    "--out", short: "o", "FILE", heading: heading,
    help: "write the answers as a table ImageId,Label; with --segment the picture with what was "
      + "found, as PNG")
  private static let invert = CommandOption(
    "--invert", heading: heading, negation: .shown,
    help: "whether ink is dark on light paper (default: the border tells)")

  /// The run directory; `nil` for the newest.
  let runDirectory: String?
  let files: [String]
  let top: Int
  /// What scores lower is not a character; `nil`: as the run has it.
  let threshold: Double?
  /// Whether JSON holds what the network was given.
  let showsInput: Bool
  let segments: Bool
  /// Where answers or what was found are written; `nil` for nowhere.
  let out: String?
  /// Whether ink is dark; `nil` lets each picture's border decide.
  let inverted: Bool?
  let configuration: TrainingConfiguration
  let output: OutputOptions

  init(_ arguments: Arguments) throws {
    runDirectory = try arguments.path(Self.run)
    files = arguments.operands.map { $0 == "-" ? "/dev/stdin" : $0 }
    top = try arguments.value(Self.top)
    threshold = try arguments.value(Self.threshold)
    showsInput = arguments.isOn(Self.showInput)
    segments = arguments.isOn(Self.segment)
    out = try arguments.path(Self.out)
    if segments, out != nil, files.count > 1 {
      throw UsageError.unexpectedOperand(files[1], command: "\(arguments.command) --segment --out")
    }
    inverted = try arguments.value(Self.invert, .truth)
    let layers = try arguments.configuration(Self.configurationOptions)
    try layers.validate()
    configuration = layers.configuration
    output = try OutputOptions(arguments)
  }

  func run() throws -> ExitCode {
    let run = try RunDirectory.find(runDirectory)
    let predictor = try Predictor(run, threshold: threshold, on: Device(configuration))
    if predictor.confidence == nil, threshold != nil {
      Program.complain("\(run.path.shown): has no score to compare with --threshold")
    }
    let view = PredictionText(
      labels: predictor.labels, top: top, terminal: output.resultTerminal)
    var predictions: [PicturePrediction] = []
    var code = ExitCode.success
    for file in try files.flatMap(PictureFile.files) {
      do {
        let found = try answers(file, predictor)
        predictions += found.predictions
        if !output.quiet { try say(predictor.decisions, of: file) }
        if !output.json, segments || out == nil {
          try StandardStream.output.put(text(found, predictor.labels, view))
        }
      } catch let error as any UserError {
        Program.complain(error.sentence)
        if code == .success { code = error.exitCode }
      }
    }
    if output.json { try put(predictions, of: run, predictor.labels) }
    if let out, !segments, code == .success { try submit(predictions, predictor.labels, to: out) }
    return code
  }

  /// What was decided about a data set's file, for a person to check.
  private func say(_ decisions: [DataDecision], of file: String) throws {
    let lines = decisions.map { "\(file): \($0)\n" }
    if !lines.isEmpty { try StandardStream.error.put(lines.joined()) }
  }

  /// What a file holds: pictures of one character, or pages.
  private func answers(
    _ file: String, _ predictor: Predictor
  ) throws -> (predictions: [PicturePrediction], pages: [SegmentedPicture]) {
    guard segments else {
      return (
        try predictor.predict(file, inverted: inverted, transposed: configuration.transpose), []
      )
    }
    let pages = try predictor.segment(
      file, inverted: inverted, transposed: configuration.transpose)
    if let out, let page = pages.first {
      try AtomicFile.write(SegmentPicture.png(of: page, labels: predictor.labels), to: out)
    }
    return (pages.flatMap(\.characters), pages)
  }

  /// With `--quiet` nothing but the labels.
  private func text(
    _ found: (predictions: [PicturePrediction], pages: [SegmentedPicture]), _ labels: [String],
    _ view: PredictionText
  ) -> String {
    if output.quiet {
      let lines =
        segments
        ? found.pages.flatMap { $0.lines(labels: labels) }
        : found.predictions.map { labels[$0.top(1)[0].class] }
      return lines.map { $0.shown + "\n" }.joined()
    }
    return segments ? found.pages.map(view.text).joined() : view.text(found.predictions)
  }

  /// Writes the table that Kaggle's competitions take, images counted from 1.
  private func submit(
    _ predictions: [PicturePrediction], _ labels: [String], to path: String
  ) throws {
    let rows = predictions.enumerated().map { number, prediction in
      "\(number + 1),\(csvField(labels[prediction.top(1)[0].class]))\n"
    }
    try AtomicFile.write(text: "ImageId,Label\n" + rows.joined(), to: path)
    guard !output.json, !output.quiet else { return }
    try StandardStream.output.put("written: \(grouped(rows.count)) answers in \(path.shown)\n")
  }

  private func put(
    _ predictions: [PicturePrediction], of run: RunDirectory, _ labels: [String]
  ) throws {
    let json: JSONValue = [
      "schema": 1, "run": .string(run.path),
      "predictions": .array(
        predictions.map { $0.json(labels: labels, top: top, showsInput: showsInput) }),
    ]
    try StandardStream.output.put(json.text() + "\n")
  }
}

extension ValueKind<Double?> {
  /// A score, or none, which is below all.
  fileprivate static var rejectionThreshold: Self {
    word("a number or none", toText: { $0.map { "\($0)" } ?? "" }) { text throws(ValueProblem) in
      if text == "none" { return -.infinity }
      guard let score = Double(text), score.isFinite else {
        throw .wrongKind(expected: "a number or none")
      }
      return score
    }
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
