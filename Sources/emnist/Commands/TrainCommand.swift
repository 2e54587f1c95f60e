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
    Example("emnist train --resume runs/cnn-mnist-1", "go on where a training was ended"),
    Example("emnist train --config my.json --print-config", "show what would be used"),
    Example("emnist train --scheduler one_cycle --plot-schedule", "draw the learning rate"),
  ]
  static let notes = [
    "What has no default here is decided by the model's recipe; --print-config shows every value "
      + "and where it came from. A flag wins over EMNIST_* variables (--val-split is "
      + "EMNIST_VAL_SPLIT), these over the --config file (\"val_split\": 0.2), the file over the "
      + "recipe.",
    "--json prints schema, run, epochs_run, best_epoch, stopped, train_seconds, "
      + "images_per_second, parameters, history and test.",
    "--loss, --class-weights, --mixup and the like are for training only: validation and test "
      + "measure the plain cross-entropy, so that runs compare. With --mixup or --cutmix the "
      + "training accuracy counts the class with the larger share.",
    "--folds writes DIR/fold-1, -2, … and their summary to DIR/folds.json and .csv, and leaves the "
      + "test part alone; --json prints the summary: schema, run, model, dataset, fold_count, "
      + "folds, mean, standard_deviation and interval95 (of the mean, by Student's t).",
    "--resume takes the run's own config.json and comes to the same weights, bit for bit, as a "
      + "training that never stopped. Only --epochs, --max-time, --max-steps, --patience (totals, "
      + "all of them), --threads and where the data lies may be given anew. "
      + "A finished run goes on to more --epochs at the same step of the plan for the new number. By "
      + "constant, inverse_time, plateau, step with --lr-period, multi_step with --lr-milestones and "
      + "exponential with --lr-decay that is the training that the new number in one go would have "
      + "been; the others are planned over all epochs, so that the rate rises where they go on.",
  ]
  static let operands = DataSetOptions.operands
  static let options =
    ConfigurationOption.all.commandOptions() + [resume, config, printConfig, plotSchedule]
    + OutputOptions.all

  private static let resume = CommandOption(
    "--resume", "RUN", heading: "Run",
    help: "go on with the training of a run directory that was ended early, or to more --epochs")

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
  let printsConfiguration: Bool
  let plotsSchedule: Bool
  let output: OutputOptions

  init(_ arguments: Arguments) throws {
    var given = try arguments.configuration(ConfigurationOption.all)
    try given.layDataSet(arguments.operands.first)
    let file = try arguments.path(Self.config)
    if let path = try arguments.path(Self.resume) {
      guard file == nil else { throw UsageError.twoConfigurations }
      let resumption = try TrainingResumption(path, with: given)
      self.resumption = resumption
      configuration = resumption.configuration
    } else {
      resumption = nil
      var layers = LayeredConfiguration()
      if let file { try layers.layFile(file) }
      layers.lay(given)
      configuration = try layers.resolved(with: recipe(for: layers.configuration))
    }
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
      return try configuration.configuration.loop.folds == nil
        ? runTraining(configuration: configuration, resuming: resumption, output: output)
        : runCrossValidation(configuration: configuration, resuming: resumption, output: output)
    }
    return .success
  }

  private func print(_ json: String, or text: String) throws {
    try StandardStream.output.put(output.json ? json : text)
  }
}

/// Trains, reports and says how it went.
private func runTraining(
  configuration: LayeredConfiguration, resuming resumption: TrainingResumption?,
  output: OutputOptions
) throws -> ExitCode {
  Interruption.startListening()
  let options = configuration.configuration
  let saved = try resumption.map { try $0.saved() }
  let console = TrainingConsole(isQuiet: output.quiet, color: output.color)
  let device = try Device(options)
  let description = try modelDescription(for: options)
  let data = try loadData(
    options.dataRequest, parts: .train, optionalParts: .test,
    environment: ProcessInfo.processInfo.environment,
    progress: output.quiet ? nil : PictureCount.shown("reading"))
  if let notice = data.notice { console.insist(notice.shown) }
  if let notice = resumption?.notice { console.show(notice) }
  let session = try TrainingSession(
    configuration.naming(data.dataset), dataset: data.dataset, description: description,
    resuming: saved, device: device)
  console.show(TrainingText.opening(of: session))
  let stopped = try session.train(console)
  console.end()
  let test = Interruption.signal == nil ? try session.test() : nil
  let outcome = TrainingOutcome(session, stopped: stopped, test: test)
  try StandardStream.output.put(
    output.json
      ? JSONValue.object(outcome.json).text() + "\n"
      : TrainingText.text(
        of: outcome,
        terminal: Terminal(descriptor: StandardStream.output.rawValue, color: output.color)))
  if let signal = Interruption.signal {
    throw TrainingInterrupted(
      signal: signal, epochs: session.trainer.history.count, run: session.run.path)
  }
  return .success
}

/// Trains once a fold, reports all of them and says how it went.
func runCrossValidation(
  configuration: LayeredConfiguration, resuming resumption: TrainingResumption?,
  output: OutputOptions
) throws -> ExitCode {
  Interruption.startListening()
  let options = configuration.configuration
  let console = TrainingConsole(isQuiet: output.quiet, color: output.color)
  let device = try Device(options)
  let data = try loadData(
    options.dataRequest, parts: .train, environment: ProcessInfo.processInfo.environment,
    progress: output.quiet ? nil : PictureCount.shown("reading"))
  if let notice = data.notice { console.insist(notice.shown) }
  if let notice = resumption?.notice { console.show(notice) }
  let validation = try CrossValidation(
    configuration.naming(data.dataset), dataset: data.dataset,
    description: modelDescription(for: options), resuming: resumption?.run,
    device: device)
  let count = validation.parts.count
  for fold in 1...count {
    let session = try validation.session(fold)
    if fold == 1 { console.show(TrainingText.opening(of: session)) }
    console.show(FoldsText.opening(of: session, fold: fold, of: count))
    let stopped = try session.train(console)
    console.end()
    if let signal = Interruption.signal {
      try report(validation.outcome, output)
      throw CrossValidationInterrupted(
        signal: signal, fold: fold, foldCount: count, run: validation.directory.path)
    }
    try validation.finish(session, stopped: stopped)
  }
  try report(validation.outcome, output)
  return .success
}

private func report(_ outcome: CrossValidationOutcome?, _ output: OutputOptions) throws {
  guard let outcome else { return }
  try StandardStream.output.put(
    output.json
      ? JSONValue.object(outcome.json).text() + "\n"
      : FoldsText.text(of: outcome, terminal: output.resultTerminal))
}
