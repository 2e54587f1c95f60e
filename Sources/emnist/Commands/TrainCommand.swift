import Configuration
import Datasets
import Platform
import Reports
import Support
import Tensor
import Training

/// `emnist train`: fits a model and writes a run directory.
struct TrainCommand: Command {
  static let name = "train"
  static let abstract = "train a model and write a run directory"
  static let examples = [
    Example("emnist train", "all as it comes"),
    Example("emnist train --model mlp --epochs 10", "another model, a given length"),
    Example("emnist train letters --lr 0.002", "one of EMNIST's splits"),
    Example("emnist train --folds 5", "cross-validate"),
    Example("emnist train --repeats 5", "five seeds: mean, deviation and interval"),
    Example("emnist train --resume runs/cnn-mnist-1", "go on where a training was ended"),
    Example("emnist train --out r --resume-or-start", "for job scripts: begin it, or go on"),
    Example("emnist train --config my.json --print-config", "show what would be used"),
    Example("emnist train --scheduler one_cycle --plot-schedule", "draw the learning rate"),
  ]
  static let notes = [
    "What has no default here is decided by the model's recipe; --print-config shows every value "
      + "and where it came from. A flag wins over EMNIST_* variables (--val-split is "
      + "EMNIST_VAL_SPLIT), these over the --config file (\"val_split\": 0.2), the file over the "
      + "recipe.",
    "Ctrl-C and SIGTERM save and end with 130 and 143; a second one ends at once. SIGUSR1, SIGUSR2 "
      + "and SIGHUP, as schedulers send them before a limit, save and end with 75: give it again "
      + "with --resume.",
    "--json prints schema, run, epochs_run, best_epoch, stopped, train_seconds, "
      + "images_per_second, parameters, history and test.",
    "--loss, --class-weights, --mixup and the like are for training only: validation and test "
      + "measure the plain cross-entropy, so that runs compare. With --mixup or --cutmix the "
      + "training accuracy counts the class with the larger share.",
    "--folds writes DIR/fold-1, -2, … and their summary to DIR/folds.json and .csv, and leaves the "
      + "test part alone; --json prints the summary: schema, run, model, dataset, fold_count, "
      + "folds, mean, standard_deviation and interval95 (of the mean, by Student's t).",
    "--repeats writes DIR/repeat-1, -2, …, each the run that its --seed and --split-seed would be, "
      + "tested, and their summary to DIR/repeats.json and .csv; --json prints it, with repeats "
      + "instead of folds.",
    "--resume goes on from whatever moment a run ended at: before its first epoch it begins, after "
      + "the last one it makes up for the test, and where all is done it says so. It takes the "
      + "run's own config.json and comes to the same weights, bit for bit, as a "
      + "training that never stopped. Only --epochs, --max-time, --max-steps, --patience (totals, "
      + "all of them), --on-divergence, --threads and where the data lies may be given anew. "
      + "A finished run goes on to more --epochs at the same step of the plan for the new number. By "
      + "constant, inverse_time, plateau, step with --lr-period, multi_step with --lr-milestones and "
      + "exponential with --lr-decay that is the training that the new number in one go would have "
      + "been; the others are planned over all epochs, so that the rate rises where they go on.",
  ]
  static let operands = DataSetOptions.operands
  static let options =
    ConfigurationOption.all.commandOptions() + [
      resume, resumeOrStart, fromManifest, config, printConfig, plotSchedule,
    ]
    + OutputOptions.all

  private static let resume = CommandOption(
    "--resume", "RUN", heading: "Run",
    help: "go on with the training of a run directory that was ended early, or to more --epochs")

  private static let resumeOrStart = CommandOption(
    "--resume-or-start", heading: "Run",
    help: "go on with the run at --out or --name if it was begun, else begin it")

  private static let fromManifest = CommandOption(
    "--from-manifest", "FILE", heading: "Run",
    help: "train a run again by its manifest.json, and say whether every bit agrees")

  private static let config = CommandOption(
    "--config", "FILE", heading: "Run",
    help: "options from a JSON or YAML file, or a run's config.json")
  private static let printConfig = CommandOption(
    "--print-config", heading: "Run",
    help: "print every option with its value and source, and stop; with --json as a --config file")
  private static let plotSchedule = CommandOption(
    "--plot-schedule", heading: "Run", help: "draw the learning rate over the epochs, and stop")

  let configuration: LayeredConfiguration
  /// The training to go on with, if it is not a new one.
  let resumption: TrainingResumption?
  /// The manifest of the training to do again, if one is.
  let earlier: Manifest?
  /// For the run's own manifest.
  let origin: RunOrigin
  let printsConfiguration: Bool
  let plotsSchedule: Bool
  let output: OutputOptions

  init(_ arguments: Arguments) throws {
    var given = try arguments.configuration(ConfigurationOption.all)
    try given.layDataSet(arguments.operands.first)
    let file = try arguments.path(Self.config)
    let start = try TrainingStart(
      given, file: file, resume: arguments.path(Self.resume),
      isEither: arguments.isOn(Self.resumeOrStart),
      manifest: arguments.path(Self.fromManifest))
    (configuration, resumption, earlier) = (start.configuration, start.resumption, start.earlier)
    origin = RunOrigin(
      version: programVersion, commit: programCommit, arguments: CommandLine.arguments,
      environment: arguments.environment)
    try configuration.validate()
    printsConfiguration = arguments.isOn(Self.printConfig)
    plotsSchedule = arguments.isOn(Self.plotSchedule)
    output = try OutputOptions(arguments)
  }

  func run() throws -> ExitCode {
    if printsConfiguration {
      try print(JSONValue.object(configuration.json).text(pretty: true), or: configuration.table)
    } else if plotsSchedule {
      let options = configuration.configuration
      try print(
        JSONValue.object(ScheduleText.json(of: options)).text() + "\n",
        or: ScheduleText.text(of: options, terminal: output.resultTerminal))
    } else {
      return try configuration.configuration.series.map { try runSeries($0.kind) }
        ?? runTraining()
    }
    return .success
  }

  private func print(_ json: String, or text: String) throws {
    try StandardStream.output.put(output.json ? json : text)
  }
}
