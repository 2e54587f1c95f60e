import Datasets
import Experiments
import Reports
import Support

/// `emnist report`: draws a run as one page and as pictures.
struct ReportCommand: Command {
  static let name = "report"
  static let abstract = "draw a run as one HTML page and as SVG files"
  static let examples = [
    Example("emnist report", "the newest run under runs/"),
    Example("emnist report runs/cnn-mnist-1", "writes report.html and report/ into it"),
    Example("emnist report -o site --data emnist/", "elsewhere, with images from elsewhere"),
  ]
  static let operands = [
    Operand(name: "RUN", help: "a run directory (default: the newest under runs/)")
  ]
  static let notes = [
    "The page needs no network and no script. Example images come from the data that the run was "
      + "tested on; where it is not found the page does without. 'emnist eval' renews the test "
      + "result that is drawn.",
    "--json prints schema, run, report and pictures, the paths of what was written, and note.",
  ]
  static let options =
    dataOptions.commandOptions() + [out] + [OutputOptions.json, OutputOptions.quiet]

  private static let dataOptions = [ConfigurationOption].named(
    "dataset", "data", "test_images", "test_labels", "mapping", "transpose")
  private static let out = CommandOption(
    "--out", short: "o", "DIR", heading: "Report",
    help: "where report.html and report/ go (default: the run directory)")

  /// The run directory; `nil` for the newest.
  let runDirectory: String?
  /// What replaces the data options that the run was trained with.
  let overrides: LayeredConfiguration
  let out: String?
  let output: OutputOptions
  let environment: [String: String]

  init(_ arguments: Arguments) throws {
    runDirectory = arguments.operands.first
    overrides = try arguments.configuration(Self.dataOptions)
    try overrides.validate()
    out = try arguments.path(Self.out)
    output = try OutputOptions(arguments)
    environment = arguments.environment
  }

  func run() throws -> ExitCode {
    let run = try RunDirectory.find(runDirectory)
    let record = try RunRecord(reading: run)
    let images = try testImages(of: record)
    let place = RunDirectory(path: out ?? run.path)
    let pictures = try RunReport(record, images: images).write(to: place)
    try StandardStream.output.put(
      output.json
        ? json(run, place, pictures, images).text() + "\n" : text(place, pictures, images))
    return .success
  }

  /// The images that the run was tested on, or why there are none; a page without them is better
  /// than no page.
  private func testImages(of record: RunRecord) throws -> TestImages {
    let options = try overrides.configuration(over: record.run)
    do {
      let data = try loadData(options, parts: .test, environment: environment)
      return TestImages(of: data.dataset, for: record)
    } catch let error as any UserError {
      return TestImages(notLoaded: error)
    }
  }

  private func text(_ place: RunDirectory, _ pictures: [String], _ images: TestImages) -> String {
    guard !output.quiet else { return place.report + "\n" }
    var text = ""
    if case .missing(let reason) = images { text += reason + "\n" }
    return text + "written: \(place.report), and \(pictures.count) pictures in \(place.pictures)/\n"
  }

  private func json(
    _ run: RunDirectory, _ place: RunDirectory, _ pictures: [String], _ images: TestImages
  ) -> JSONValue {
    var note = JSONValue.null
    if case .missing(let reason) = images { note = .string(reason) }
    return [
      "schema": 1, "run": .string(run.path), "report": .string(place.report),
      "pictures": .array(pictures.map { .string($0) }), "note": note,
    ]
  }
}
