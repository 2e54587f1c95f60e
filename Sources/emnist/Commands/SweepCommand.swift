import Configuration
import Datasets
import Platform
import Reports
import Studies
import Support
import Tensor
import Training

/// `emnist sweep`: searches hyperparameters.
struct SweepCommand: Command {
  static let name = "sweep"
  static let abstract = "search for the best network and its training options"
  static let examples = [
    Example("emnist sweep config.yaml", "search; the same line goes on after an interruption"),
    Example("emnist sweep config.yaml --trials 200", "a larger total of trials"),
    Example("emnist sweep config.yaml --join", "one more process, here or on another machine"),
    Example("emnist sweep --show runs/sweep-config", "what a study has found"),
  ]
  static let operands = [
    Operand(
      name: "CONFIG",
      help: "a sweep file of W&B's, in YAML or JSON, with an object \"emnist\" beside the rest")
  ]
  static let notes = [
    "The file has method (grid, random or bayes), metric (name val_loss or val_accuracy, or what "
      + "others call them, as validation_loss and val/acc; goal), "
      + "parameters (any option of 'emnist train', with underscores: value, values, or min and "
      + "max), early_terminate (hyperband, asha or median) and run_cap. \"emnist\" may hold "
      + "dataset, data, limit, seed, trials, workers, threads, max_time, folds, repeats, base, "
      + "max_parameters, max_macs, refit, round and ignore_unknown.",
    "Files made for W&B run as they are where they can: names and choices of other programs are taken "
      + "(learn_rate, num_layers with hidden_size, Adam, CosineAnnealingLR), constants that are no "
      + "training options are ignored, and notes say so. All that is in the way is listed at once.",
    "A trial without a use for a parameter, as sgd has none for beta1, goes without it. Trials are "
      + "compared on the validation part or on folds. The winner alone meets the test part, at "
      + "the end: its own network, or with \"refit\": N the same options trained with N seeds on "
      + "training and validation images together.",
    "The same file and seed give the same trials, for any number of workers and processes, unless "
      + "one is --free-running.",
    "Ctrl-C and SIGTERM save and end with 130 and 143; SIGUSR1, SIGUSR2 and SIGHUP, as schedulers "
      + "send them before a limit, save and end with 75: the same command goes on with the study.",
    "--json prints schema, study, metric, goal, trials (id, state, parameters, value, epochs, "
      + "seconds, reason), best (also run and command), importance (for being among the best tenth, "
      + "PED-ANOVA), importance_interval95, fanova (for the variance), fanova_interval95 and test.",
  ]
  static let options =
    dataOptions.commandOptions()
    + [out, trials, workers, threads, join, freeRunning, ignoreUnknown, show] + OutputOptions.all

  private static let dataOptions = [ConfigurationOption].named("dataset", "data")
  private static let out = CommandOption(
    "--out", short: "o", "DIR", heading: heading,
    help: "the study's directory (default: runs/sweep-CONFIG)")
  private static let trials = CommandOption(
    "--trials", "N", heading: heading, help: "how many trials the study has in all")
  private static let workers = CommandOption(
    "--workers", "N", heading: heading,
    help: "trials side by side (default: one a processor, which is faster than threads)")
  private static let threads = CommandOption(
    "--threads", short: "j", "N", heading: heading, help: "threads of each trial (default: 1)")
  private static let join = CommandOption(
    "--join", heading: heading, help: "work on a study that another process is at")
  private static let freeRunning = CommandOption(
    "--free-running", heading: heading,
    help: "propose trials from all results so far: quicker, and not reproducible")
  private static let ignoreUnknown = CommandOption(
    "--ignore-unknown", heading: heading,
    help: "leave out what is unknown: parameters, choices, the metric; unknown constants always are"
  )
  private static let show = CommandOption(
    "--show", "DIR", heading: heading, help: "show a study and draw its report.html")
  private static let heading = "Sweep"

  /// What is asked for.
  private enum Task {
    case show(String)
    case search(file: String, directory: String, overrides: JSONObject)
  }

  private let task: Task
  private let joins: Bool
  private let isFreeRunning: Bool
  private let output: OutputOptions
  private let environment: [String: String]
  private var origin: RunOrigin {
    RunOrigin(
      version: programVersion, commit: programCommit, arguments: CommandLine.arguments,
      environment: environment)
  }

  init(_ arguments: Arguments) throws {
    output = try OutputOptions(arguments)
    joins = arguments.isOn(Self.join)
    isFreeRunning = arguments.isOn(Self.freeRunning)
    environment = arguments.environment
    if let directory = try arguments.path(Self.show) {
      task = .show(directory)
      return
    }
    guard let file = arguments.operands.first else {
      throw UsageError.missingOperand("CONFIG", command: arguments.command)
    }
    task = .search(
      file: file, directory: try arguments.path(Self.out) ?? Self.directory(for: file),
      overrides: try Self.overrides(arguments))
  }

  /// `runs/sweep-config` for `somewhere/config.json`.
  private static func directory(for file: String) -> String {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    return "\(RunDirectory.root)/sweep-"
      + ([".json", ".yaml", ".yml"].first(where: name.hasSuffix)
        .map { String(name.dropLast($0.count)) } ?? name)
  }

  private static func overrides(_ arguments: Arguments) throws -> JSONObject {
    var overrides = JSONObject()
    for (key, option, most) in [
      ("trials", trials, 1_000_000), ("workers", workers, 256), ("threads", threads, 256),
    ] {
      let number = try arguments.value(option, .wholeNumber(atLeast: 1, atMost: most))
      overrides[key] = number.map { .integer($0) }
    }
    if arguments.isOn(ignoreUnknown) { overrides["ignore_unknown"] = true }
    let data = try arguments.configuration(dataOptions).configuration
    overrides["dataset"] = data.dataset.map { .string($0) }
    overrides["data"] = data.data.map { .string(absolutePath($0)) }
    return overrides
  }

  func run() throws -> ExitCode {
    switch task {
    case .show(let directory): try present(StudyRecord(reading: directory))
    case .search(let file, let directory, let overrides):
      let sweep = try SweepFile(path: file, overrides: overrides)
      try search(sweep, in: directory)
    }
    return .success
  }

  private func search(_ sweep: SweepFile, in directory: String) throws {
    Interruption.startListening()
    let console = SweepConsole(sweep, isQuiet: output.quiet, color: output.color)
    for note in sweep.notes { console.show(note.shown) }
    try makeDirectories(directory)
    try StudyPlace(directory).checkEmptyOrStudy()
    let lock = joins ? nil : DirectoryLock(directory)
    guard joins || lock != nil else { throw StudyError.isBusy(path: directory) }
    Leftovers.remove(from: directory)
    defer { withExtendedLifetime(lock) {} }
    let data = try loadData(
      sweep.commonOptions.dataRequest, parts: .train, optionalParts: .test, environment: environment
    )
    if let notice = data.notice { console.show(notice.shown) }
    let plan = SweepPlan(
      sweep.settings, level: try SIMDLevel.chosen(environment: environment),
      caches: try CacheSizes.chosen(environment: environment),
      isFreeRunning: isFreeRunning)
    try plan.checkThreads()
    let engine = SweepEngine(
      directory: directory, sweep: sweep, plan: plan, dataset: data.dataset, origin: origin,
      observer: console)
    try engine.prepare(isFirst: !joins)
    let end = plan.maxTime.map { monotonicSeconds() + $0 }
    let ending = try engine.run()
    console.end()
    if ending == .nothingFits {
      guard try !StudyRecord(reading: directory).trials.isEmpty else {
        throw SweepError.nothingFits(path: directory)
      }
      console.show("no further network was found within max_parameters and max_macs")
    }
    try finish(StudyRecord(reading: directory), ending, data.dataset, console) {
      monotonicSeconds() >= end ?? .infinity
    }
  }

  /// Tests the winner, and says what the study has found.
  private func finish(
    _ record: StudyRecord, _ ending: Study.Ending?, _ dataset: Dataset, _ console: SweepConsole,
    isTimeUp: () -> Bool
  ) throws {
    // While other processes are at their last trials, the end is theirs.
    if ending != .failures, Interruption.signal == nil, record.counts.running == 0 {
      let device = Device(level: try SIMDLevel.chosen(environment: environment))
      let winner = SweepWinner(of: record, dataset: dataset, origin: origin, device: device)
      _ = try winner?.run(isTimeUp: isTimeUp, console.show)
    }
    if !joins {
      let reason: StopReason =
        ending != nil ? .finished : Interruption.signal == nil ? .time : .interrupted
      try Manifest.endStudy(at: StudyPlace(record.directory).manifest, reason)
    }
    try present(StudyRecord(reading: record.directory))
    if let signal = Interruption.signal {
      throw SweepInterrupted(
        signal: signal, ended: record.counts.settled, study: record.directory)
    }
    if ending == .failures { throw SweepError.failures(path: record.directory) }
    if record.ranking.isEmpty, record.counts.running == 0 {
      throw SweepError.noWinner(path: record.directory)
    }
  }

  private func present(_ record: StudyRecord) throws {
    // Whoever may only read a study can look at it all the same.
    let isWritten = FileSystem.isWritable(record.directory)
    if isWritten { try write(record.directory) }
    let view = StudyText.text(of: record, terminal: output.resultTerminal)
    let place = isWritten ? "\nwritten: \(StudyPlace(record.directory).report.shown)\n" : ""
    try StandardStream.output.put(
      output.json ? JSONValue.object(record.json).text() + "\n" : view + place)
  }

  /// Writes the study's files as they are now, one process at a time: several may end at once.
  private func write(_ directory: String) throws {
    let deadline = monotonicSeconds() + Self.patience
    var lock = DirectoryLock(StudyPlace(directory).trials)
    while lock == nil {
      // Whoever holds it that long trains the winner, and writes behind that.
      guard monotonicSeconds() < deadline else { return }
      usleep(10_000)
      lock = DirectoryLock(StudyPlace(directory).trials)
    }
    try withExtendedLifetime(lock) {
      let record = try StudyRecord(reading: directory)
      try record.writeFiles()
      try StudyEvents.write(record)
      try StudyPage(record).write()
    }
  }

  /// Seconds to wait for another process to write.
  private static let patience = 10.0
}
