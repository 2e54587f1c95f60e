import Analysis
import Configuration
import Reports
import Support
import Training

/// `emnist compare`: several runs side by side, and whether what differs is more than chance.
struct CompareCommand: Command {
  static let name = "compare"
  static let abstract = "compare runs, and say which differences are more than chance"
  static let examples = [
    Example("emnist compare runs/mlp-1 runs/cnn-1", "two runs on the same images"),
    Example("emnist compare runs/* --markdown", "all that can be, for a pull request"),
    Example("emnist compare mlp-seed* cnn-seed*", "two groups of seeds"),
    Example("emnist compare cv-mlp cv-cnn", "two cross-validations, fold by fold"),
    Example("emnist compare a b --images diff.csv", "where two part, image by image"),
  ]
  static let operands = [
    Operand(
      name: "RUN", help: "a run directory, or one of 'train --repeats' or '--folds'; at least two",
      isRequired: true, repeats: true)
  ]
  static let notes = [
    "Runs must have been tested on the same images; those that were not, are not finished or cannot "
      + "be read are left out, with the reason. For every two, McNemar's exact test says how "
      + "likely so uneven a split of the images that only one got right is by chance, and the "
      + "paired bootstrap between which bounds the difference of the accuracies lies. Of several "
      + "runs the probabilities are corrected for the number of pairs, as Holm has it.",
    "Runs whose options differ by the seed alone are one group, with the mean, the deviation and the "
      + "interval of their accuracies. Groups are compared by the variances of seeds and of images "
      + "(Student's t, degrees of freedom by Satterthwaite), from three seeds of each on.",
    "Cross-validations ('train --folds') are compared by their differences in each fold, if their folds "
      + "are the same: by the corrected resampled t-test of Nadeau and Bengio, from three folds on. "
      + "Their --json has fold_count, the folds' accuracies in each entry of runs, and in each of "
      + "pairs first, second, difference, interval95, p, p_corrected, standard_error, "
      + "degrees_of_freedom and folds.",
    "--csv has a row for each run or group, with the difference to the first. --json prints schema, dataset, "
      + "part, count, runs (each with run, name, model, accuracy, interval95, macro_precision, "
      + "macro_recall, macro_f1, score_intervals95, kappa, mcc, loss, top_3, ece, "
      + "images_per_second, parameters, multiply_adds, epochs_run, best_epoch and seconds), "
      + "differences (option, values), pairs (first, second, both_right, only_first_right, "
      + "only_second_right, neither_right, accuracy_difference, bootstrap, scores, mcnemar_p, "
      + "mcnemar_p_corrected, classes and images), "
      + "groups (name, runs, seeds, and mean, standard_deviation, interval95 and values of accuracy, "
      + "macro_precision, macro_recall and macro_f1), group_pairs (first, second, difference, "
      + "interval95, p, p_corrected, standard_error, degrees_of_freedom, seed_variance and "
      + "image_variance), verdict (best, beyond_chance, headline and evidence) and left_out (run and "
      + "reason).",
  ]
  static let options =
    [images, seed.option]
    + [OutputOptions.json, markdown, csv, OutputOptions.quiet, OutputOptions.color.option]

  private static let heading = "Comparison"
  private static let images = CommandOption(
    "--images", "FILE", heading: heading,
    help: "write the images that some runs got right and some did not, as CSV")
  private static let seed = TypedOption(
    "--seed", .seed, "N", default: 0, heading: heading, help: "of the bootstrap's draws")
  private static let markdown = CommandOption(
    "--markdown", heading: "Output", help: "print Markdown instead of text")
  private static let csv = CommandOption(
    "--csv", heading: "Output", help: "print CSV instead of text, a row for each run or group")

  enum Format { case text, markdown, csv, json }

  /// At least two.
  let runDirectories: [String]
  /// Where the contested images go.
  let images: String?
  let seed: UInt64
  let format: Format
  let output: OutputOptions

  init(_ arguments: Arguments) throws {
    runDirectories = arguments.operands
    guard RunDirectory.expanding(runDirectories).count > 1 else {
      throw UsageError.missingOperand("a second RUN", command: arguments.command)
    }
    images = try arguments.path(Self.images)
    seed = try arguments.value(Self.seed)
    let formats: [(CommandOption, Format)] = [
      (OutputOptions.json, .json), (Self.markdown, .markdown), (Self.csv, .csv),
    ]
    let given = formats.filter { arguments.isOn($0.0) }
    guard given.count < 2 else {
      throw UsageError.excluded(flags: given.map(\.0.flag), command: arguments.command)
    }
    format = given.first?.1 ?? .text
    output = try OutputOptions(arguments)
  }

  func run() throws -> ExitCode {
    let folds = try ComparableFolds(runDirectories)
    if let folds, folds.areMost { return try run(folds) }
    let named = try ComparableRuns(
      RunDirectory.expanding(runDirectories), Self.runRecord)
    guard named.records.count > 1 else {
      if let folds, folds.records.count > 1 { return try run(folds) }
      throw named.tooFew
    }
    var comparison = try RunComparison(named.records, seed: seed)
    comparison.leftOut += named.leftOut
    try StandardStream.error.put(leftOut: comparison.leftOut)
    if let images { try AtomicFile.write(text: comparison.imagesCSV, to: images) }
    try StandardStream.output.put(text(of: comparison))
    return .success
  }

  private func text(of comparison: RunComparison) -> String {
    switch format {
    case .json: return JSONValue.object(comparison.json).text() + "\n"
    case .csv: return comparison.csvText
    case .markdown:
      let report = ComparisonText(markdown: comparison)
      return output.quiet ? report.summary : report.text
    case .text:
      let report = ComparisonText(comparison, terminal: output.resultTerminal)
      return output.quiet ? report.summary : report.text
    }
  }
}
