import Experiments
import Support

/// `emnist eval`: tests a run on images it has not seen.
struct EvalCommand: Command {
  static let name = "eval"
  static let abstract = "test a run on images it has not seen"
  static let examples = [
    Example("emnist eval", "the newest run under runs/"),
    Example("emnist eval runs/cnn-mnist-1 --confusion", "a run, and what it mistakes for what"),
    Example("emnist eval --fail-under accuracy=0.9", "for scripts: exit code 1 below 90 %"),
  ]
  static let operands = [
    Operand(name: "RUN", help: "a run directory (default: the newest under runs/)")
  ]
  static let notes = [
    "Data options replace what the run was trained with. --json prints schema, run, checkpoint, "
      + "dataset, part, count, loss, accuracy, top_k, macro, weighted, micro, ece, mce, "
      + "interval95, classes, confusion, top_confusions, seconds and images_per_second; in "
      + "confusion, rows are true classes and columns predicted ones."
  ]
  static let options =
    dataOptions.commandOptions() + [checkpoint.option, confusion, failUnder.option]
    + speedOptions.commandOptions(heading: heading) + OutputOptions.all

  /// The values of `--checkpoint`.
  enum Checkpoint: String, CaseIterable { case best, last }

  private static let heading = "Evaluation"
  private static let dataOptions = [ConfigurationOption].named(
    "dataset", "data", "test_images", "test_labels", "mapping", "transpose", "limit")
  private static let speedOptions = [ConfigurationOption].named("batch_size", "threads")
  private static let checkpoint = TypedOption(
    "--checkpoint", .choice(of: "checkpoint"), "NAME", default: Checkpoint.best, heading: heading,
    help: "which weights of the run")
  private static let confusion = CommandOption(
    "--confusion", heading: heading, help: "show the confusion matrix and the worst pairs")
  private static let failUnder = TypedOption(
    "--fail-under", .metricThreshold, "METRIC=SHARE", default: nil, heading: heading,
    help: "end with exit code 1 if accuracy or macro_f1 is lower")

  /// The run directory; `nil` for the newest.
  let runDirectory: String?
  /// What replaces the options that the run was trained with.
  let overrides: LayeredConfiguration
  let checkpoint: Checkpoint
  let showsConfusion: Bool
  let threshold: MetricThreshold?
  let output: OutputOptions

  init(_ arguments: Arguments) throws {
    runDirectory = arguments.operands.first
    overrides = try arguments.configuration(Self.dataOptions + Self.speedOptions)
    try overrides.validate()
    checkpoint = try arguments.value(Self.checkpoint)
    showsConfusion = arguments.isOn(Self.confusion)
    threshold = try arguments.value(Self.failUnder)
    output = try OutputOptions(arguments)
  }
}
