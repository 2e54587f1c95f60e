import Analysis
import Configuration
import Datasets
import Platform
import Reports
import Support
import Tensor
import Training

/// `emnist audit`: finds images whose label is probably wrong.
struct AuditCommand: Command {
  static let name = "audit"
  static let abstract = "find images whose label is probably wrong"
  static let examples = [
    Example("emnist audit runs/cnn-mnist-1", "the test part, which a run has not seen"),
    Example("emnist audit runs/cnn-mnist-folds-1", "the training part, by 'train --folds 5'"),
    Example("emnist audit --count 200 -o doubts", "more of them, elsewhere"),
  ]
  static let operands = [
    Operand(
      name: "RUN",
      help: "a run or cross-validation directory (default: the newest run under runs/)")
  ]
  static let notes = [
    "Labels are judged by confident learning (Northcutt, Jiang and Chuang 2021), by models that did "
      + "not learn them: a cross-validation judges the training part, each fold the images that it "
      + "was validated on, and any run the test part.",
    "label-errors-PART.csv holds all images whose label is probably wrong (index, given, "
      + "suggested, self_confidence, margin, confident), the least probable first; label-errors-PART.png shows the first of them with given and suggested label.",
    "--json prints schema, run, dataset, part, count, estimated_errors, issues, classes (index, "
      + "label, support, wrong, missing, threshold), joint (rows are given labels, columns true "
      + "classes), decisions and files.",
  ]
  static let options =
    dataOptions.commandOptions() + [part.option, count.option, out]
    + [ConfigurationOption].named("threads").commandOptions(heading: heading) + OutputOptions.all

  /// The values of `--part`.
  enum Part: String, CaseIterable { case unseen, train, test }

  private static let heading = "Audit"
  private static let dataOptions = [ConfigurationOption].named(
    "dataset", "data", "train_images", "train_labels", "test_images", "test_labels", "mapping",
    "transpose")
  private static let part = TypedOption(
    "--part", .choice(of: "part"), "NAME", default: Part.unseen, heading: heading,
    help: "which labels; unseen are those that the run did not learn")
  private static let count = TypedOption(
    "--count", .wholeNumber(in: 1...1000), "N", default: 50, heading: heading,
    help: "images to list and to draw")
  private static let out = CommandOption(
    "--out", short: "o", "DIR", heading: heading,
    help: "where the files go (default: the run directory)")

  /// The run directory; `nil` for the newest.
  let runDirectory: String?
  /// What replaces the options that the run was trained with.
  let overrides: LayeredConfiguration
  let part: Part
  let count: Int
  let out: String?
  let output: OutputOptions
  let environment: [String: String]

  init(_ arguments: Arguments) throws {
    runDirectory = arguments.operands.first
    overrides = try arguments.configuration(Self.dataOptions + .named("threads"))
    try overrides.validate()
    part = try arguments.value(Self.part)
    count = try arguments.value(Self.count)
    out = try arguments.path(Self.out)
    output = try OutputOptions(arguments)
    environment = arguments.environment
  }

  func run() throws -> ExitCode {
    Interruption.startListening()
    let directory = try runDirectory.map { try RunDirectory.named($0) } ?? RunDirectory.newest()
    let device = try Device(overrides.configuration)
    let auditor = try LabelAuditor(directory, device: device)
    let part = RunPart(rawValue: self.part.rawValue) ?? auditor.unseenPart
    try auditor.check(part)
    let data = try loadData(
      Checkpoint.judging(
        overrides.configuration(over: auditor.anyRun).dataRequest, by: auditor.anyRun.best),
      parts: part == .test ? .test : .train,
      optionalParts: part == .test ? [] : .test, environment: environment)
    if let notice = data.notice { try StandardStream.error.put(notice.shown + "\n") }
    let audit = try auditor.audit(part, of: data.dataset)
    let report = AuditText(audit, limit: count, terminal: output.resultTerminal)
    let images = part == .test ? data.dataset.test : data.dataset.train
    let files = try write(audit, sheet: images.flatMap(report.sheet), to: out ?? directory.path)
    try show(audit, report, files, data.dataset.decisions)
    return .success
  }

  /// Returns the paths of what was written.
  private func write(
    _ audit: LabelAudit, sheet: [UInt8]?, to directory: String
  ) throws -> [String] {
    try makeDirectories(directory)
    let run = RunDirectory(path: directory)
    let (table, picture) = (run.labelErrors(audit.part), run.labelErrorSheet(audit.part))
    try AtomicFile.write(text: audit.csvText, to: table)
    guard let sheet else {
      FileSystem.removeFile(picture)
      return [table]
    }
    try AtomicFile.write(sheet, to: picture)
    return [table, picture]
  }

  private func show(
    _ audit: LabelAudit, _ report: AuditText, _ files: [String], _ decisions: [DataDecision]
  ) throws {
    if output.json {
      var json = audit.json
      json["decisions"] = .array(decisions.map { .string($0.description) })
      json["files"] = .array(files.map { .string($0) })
      return try StandardStream.output.put(JSONValue.object(json).text() + "\n")
    }
    let facts = decisions.map { $0.description + "\n" }.joined()
    try StandardStream.output.put(
      output.quiet
        ? report.issues ?? "" : facts + report.text + "\nwritten: \(files.asEnumeration.shown)\n")
  }
}
