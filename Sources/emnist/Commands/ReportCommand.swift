import Analysis
import Configuration
import Datasets
import Reports
import Support
import Training

/// `emnist report`: draws a run, several against each other, a cross-validation or a study as one page
/// and as pictures.
struct ReportCommand: Command {
  static let name = "report"
  static let abstract = "draw runs as one HTML page and as SVG files"
  static let examples = [
    Example("emnist report", "the newest run under runs/"),
    Example("emnist report runs/cnn-mnist-1", "writes report.html and report/ into it"),
    Example("emnist report -o site --data emnist/", "elsewhere, with images from elsewhere"),
    Example("emnist report runs/cv", "a cross-validation, or a sweep's study"),
    Example(
      "emnist report -o both runs/a runs/b", "which is better, by how much and where"),
    Example("emnist report -o both cv-mlp cv-cnn", "two cross-validations, fold by fold"),
  ]
  static let operands = [
    Operand(
      name: "RUN",
      help: "a run (default: the newest under runs/), or a directory of folds, repeats or a study",
      repeats: true)
  ]
  static let notes = [
    "Beside the page of one run lies MODEL_CARD.md: results, data, training, limits, and front matter "
      + "for a model hub.",
    "The page needs no network and no script. Example images come from the data that the run was "
      + "tested on; where it is not found the page does without. 'emnist eval' renews the test "
      + "result that is drawn.",
    "The page of several runs says which is better, by how much and whether beyond chance, as 'emnist "
      + "compare' does, and measures how long each network takes for one image alone.",
    "--json prints schema, runs, report and pictures, the paths of what was written, and note.",
  ]
  static let options =
    dataOptions.commandOptions() + [out, png, CardOptions.license] + [
      OutputOptions.json, OutputOptions.quiet,
    ]

  private static let dataOptions = [ConfigurationOption].named(
    "dataset", "data", "test_images", "test_labels", "mapping", "transpose")
  private static let out = CommandOption(
    "--out", short: "o", "DIR", heading: "Report",
    help: "where report.html and report/ go (default: the run directory); several runs need it")
  private static let png = CommandOption(
    "--png", heading: "Report", help: "write drawings as PNG too, through the system's librsvg")

  /// The run directories; none for the newest.
  let runDirectories: [String]
  /// What replaces the data options that the run was trained with.
  let overrides: LayeredConfiguration
  let out: String?
  /// For the model card, if somebody named one.
  let license: String?
  /// Whether drawings are written as PNG beside SVG.
  let allAsPNG: Bool
  let output: OutputOptions
  let environment: [String: String]

  init(_ arguments: Arguments) throws {
    runDirectories = arguments.operands
    overrides = try arguments.configuration(Self.dataOptions)
    try overrides.validate()
    out = try arguments.path(Self.out)
    allAsPNG = arguments.isOn(Self.png)
    guard runDirectories.count < 2 || out != nil else {
      throw UsageError.missingOption(
        flag: "--out", placeholder: "DIR", command: arguments.command)
    }
    license = try CardOptions.license(arguments)
    output = try OutputOptions(arguments)
    environment = arguments.environment
  }

  func run() throws -> ExitCode {
    let runDirectories = try named
    if let whole = try DrawnWhole(named: runDirectories) {
      let place = out.map { RunDirectory(path: $0) } ?? whole.directory
      let pictures = try whole.page.write(to: place, allAsPNG: allAsPNG)
      try put(
        json(whole.runs, place, pictures, nil),
        (output.quiet ? "" : whole.summary) + text(place, pictures, nil))
      return .success
    }
    let runs = try Self.runs(runDirectories)
    let records = try runs.map(RunRecord.init(reading:))
    let place = try out.map { RunDirectory(path: $0) } ?? Self.home(runDirectories, runs)
    let report: any ReportPage
    var (note, summary): (String?, String) = (nil, "")
    if records.count == 1 {
      let images = try testImages(of: records[0])
      if case .missing(let reason) = images { note = reason }
      report = RunPage(records[0], images: images, varied: try variedImages(of: records[0]))
    } else {
      let images = try testImages(of: records)
      if case .missing(let reason) = images { note = reason }
      let page = RunsPage(records, images: images, latency: SingleImageTime.seconds)
      (report, summary) = (page, output.quiet ? "" : page.summary)
    }
    let pictures = try report.write(to: place, allAsPNG: allAsPNG)
    // A card is of a run, and not of a group that has one run so far.
    if records.count == 1, out != nil || place.path == runs[0].path {
      try ModelCard(of: records[0], license: license)?.write(to: place.card)
    }
    try put(json(runs, place, pictures, note), summary + text(place, pictures, note))
    return .success
  }

  private func put(_ json: JSONValue, _ text: String) throws {
    try StandardStream.output.put(output.json ? json.text() + "\n" : text)
  }

  /// Where a report goes that nobody chose a place for: into the run, or the directory of the folds.
  private static func home(_ named: [String], _ runs: [RunDirectory]) throws -> RunDirectory {
    try named.first.map { try RunDirectory.named($0) } ?? runs[0]
  }

  /// What was named, or the newest.
  private var named: [String] {
    get throws { runDirectories.isEmpty ? [try RunDirectory.newest().path] : runDirectories }
  }

  /// The runs to draw; a directory of several trainings stands for these.
  private static func runs(_ runDirectories: [String]) throws -> [RunDirectory] {
    try RunDirectory.expanding(runDirectories).flatMap { path in
      let runs = try RunDirectory.named(path).seriesRuns
      return runs.isEmpty ? [try RunDirectory.find(path)] : runs
    }
  }

  /// The images that the run was tested on, or why there are none; a page without them is better
  /// than no page.
  private func testImages(of record: RunRecord) throws -> TestImages {
    let options = try overrides.configuration(over: record.run)
    do {
      let request = Training::Checkpoint.judging(options.dataRequest, by: record.run.best)
      let data = try loadData(request, parts: .test, environment: environment)
      return TestImages(of: data.dataset, for: record)
    } catch let error as any UserError {
      return TestImages(notLoaded: error.sentence)
    }
  }

  /// The images that several runs were tested on.
  private func testImages(of records: [RunRecord]) throws -> TestImages {
    guard let tested = RunsPage.reference(of: records) else {
      return .missing("There are no pictures of the images: no run has been tested.")
    }
    return try testImages(of: tested)
  }

  /// What the run was trained on, if it was varied and is found.
  private func variedImages(of record: RunRecord) throws -> VariedImages? {
    let options = try overrides.configuration(over: record.run)
    guard !options.augmentation.augmentation.isIdentity else { return nil }
    do {
      let request = Training::Checkpoint.judging(options.dataRequest, by: record.run.best)
      let data = try loadData(request, parts: .train, environment: environment)
      guard data.dataset.name == record.model?.dataset else { return nil }
      return try VariedImages(of: data.dataset, options, epochs: record.history.count)
    } catch is any UserError {
      return nil
    }
  }

  private func text(_ place: RunDirectory, _ pictures: [String], _ note: String?) -> String {
    guard !output.quiet else { return place.report.shown + "\n" }
    return (note.map { $0.shown + "\n" } ?? "")
      + "written: \(place.report.shown), and \(pictures.count) pictures in \(place.pictures.shown)/\n"
  }

  private func json(
    _ runs: [RunDirectory], _ place: RunDirectory, _ pictures: [String], _ note: String?
  ) -> JSONValue {
    [
      "schema": 1, "runs": .array(runs.map { .string($0.path) }), "report": .string(place.report),
      "pictures": .array(pictures.map { .string($0) }),
      "note": note.map { .string($0) } ?? .null,
    ]
  }
}
