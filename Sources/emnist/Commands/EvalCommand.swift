import Configuration
import Metrics
import Reports
import Support
import Training

/// `emnist eval`: tests a run on images it has not seen.
struct EvalCommand: Command {
  static let name = "eval"
  static let abstract = "test a run on images it has not seen"
  static let examples = [
    Example("emnist eval", "the newest run under runs/"),
    Example("emnist eval runs/cnn-mnist-1 --confusion", "a run, and what it mistakes for what"),
    Example("emnist eval --sort f1", "the worst classes first"),
    Example("emnist eval --part val --reliability", "on the images that chose the best epoch"),
    Example("emnist eval --fail-under accuracy=0.9", "for scripts: exit code 1 below 90 %"),
  ]
  static let operands = [
    Operand(name: "RUN", help: "a run directory (default: the newest under runs/)")
  ]
  static let notes = [
    "Data options replace what the run was trained with. The result on the test part goes into the "
      + "run directory; that on another part, or with --tta, is only written to --out.",
    "train and val are divided as for the training. --tta shifts also judges every image by the "
      + "mean of the probabilities for it as it is and moved by a pixel left, right, up and down; "
      + "that result stands apart, and --fail-under asks about the plain one.",
    "Of --sort, scores list the lowest first and support the largest. Scores without a sample "
      + "count as 0. kappa is Cohen's, mcc Matthews' correlation.",
    "--json prints schema, run, checkpoint, dataset, part, count, loss, accuracy, top_k, macro, "
      + "weighted, micro, kappa, mcc, ece, mce, reliability (\(Calibration.binCount) bins: lower, "
      + "upper, count, confidence, accuracy), interval95, classes, confusion, top_confusions, "
      + "first_predictions, seconds, images_per_second and with --tta tta; in confusion, rows are "
      + "true classes and columns predicted ones.",
  ]
  static let options =
    dataOptions.commandOptions()
    + [
      part.option, checkpoint.option, sort.option, confusion, reliability, tta.option,
      failUnder.option, out,
    ] + speedOptions.commandOptions(heading: heading) + OutputOptions.all

  /// The values of `--checkpoint`.
  enum Checkpoint: String, CaseIterable { case best, last }

  /// The values of `--tta`.
  enum Augmentation: String, CaseIterable { case none, shifts }

  private static let heading = "Evaluation"
  private static let dataOptions = [ConfigurationOption].named(
    "dataset", "data", "train_images", "train_labels", "test_images", "test_labels", "mapping",
    "transpose", "limit")
  private static let speedOptions = [ConfigurationOption].named("batch_size", "threads")
  private static let checkpoint = TypedOption(
    "--checkpoint", .choice(of: "checkpoint"), "NAME", default: Checkpoint.best, heading: heading,
    help: "which weights of the run")
  private static let part = TypedOption(
    "--part", .choice(of: "part"), "NAME", default: RunPart.test, heading: heading,
    help: "which images")
  private static let sort = TypedOption(
    "--sort", .choice(of: "order"), "KEY", default: ClassSort.label, heading: heading,
    help: "order of the classes")
  private static let tta = TypedOption(
    "--tta", .choice(of: "test-time augmentation"), "KIND", default: Augmentation.none,
    heading: heading, help: "also judge images by several views")
  private static let confusion = CommandOption(
    "--confusion", heading: heading, help: "show the confusion matrix and the worst pairs")
  private static let reliability = CommandOption(
    "--reliability", heading: heading, help: "show how often the model is as right as it says")
  private static let out = CommandOption(
    "--out", short: "o", "DIR", heading: heading, help: "write the result there instead")
  private static let failUnder = TypedOption(
    "--fail-under", .metricThreshold, "METRIC=SHARE", default: nil, heading: heading,
    help: "end with exit code 1 if accuracy or macro_f1 is lower")

  /// The run directory; `nil` for the newest.
  let runDirectory: String?
  /// What replaces the options that the run was trained with.
  let overrides: LayeredConfiguration
  let part: RunPart
  let checkpoint: Checkpoint
  let sort: ClassSort
  let showsConfusion: Bool
  let showsReliability: Bool
  let augmentation: Augmentation
  /// Where the result goes; `nil` for the run directory, if it is the plain one on the test part.
  let out: String?
  let threshold: MetricThreshold?
  let output: OutputOptions

  init(_ arguments: Arguments) throws {
    runDirectory = arguments.operands.first
    overrides = try arguments.configuration(Self.dataOptions + Self.speedOptions)
    try overrides.validate()
    part = try arguments.value(Self.part)
    checkpoint = try arguments.value(Self.checkpoint)
    sort = try arguments.value(Self.sort)
    showsConfusion = arguments.isOn(Self.confusion)
    showsReliability = arguments.isOn(Self.reliability)
    augmentation = try arguments.value(Self.tta)
    out = try arguments.path(Self.out)
    threshold = try arguments.value(Self.failUnder)
    output = try OutputOptions(arguments)
  }
}
