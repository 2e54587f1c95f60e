import Analysis
import Configuration
import Datasets
import Interchange
import Metrics
import Platform
import Reports
import Support
import Tensor
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
    Example("emnist eval --quantize int8", "as a microcontroller would"),
    Example("emnist eval a b --perturb all -o harder", "two runs on harder and harder images"),
    Example("emnist eval --weights w.safetensors --model lenet5", "weights of another program"),
  ]
  static let operands = [
    Operand(
      name: "RUN",
      help: "a run directory (default: the newest under runs/); several with --perturb",
      repeats: true)
  ]
  static let notes = [
    "RUN may be a name under runs/, or a data set's, which the newest run is then tested on. Data "
      + "options replace what the run was trained with. The result on the run's own test images "
      + "goes into the run directory; that on other images, on another part, or with --tta, is "
      + "only written to --out.",
    "train and val are divided as for the training. --tta shifts also judges every image by the "
      + "mean of the probabilities for it as it is and moved by a pixel left, right, up and down; "
      + "that result stands apart, and --fail-under asks about the plain one.",
    "--quantize int8 tests the network as 'emnist export --quantize int8' writes it, in whole numbers of "
      + "8 bits whose ranges come from training images; that result is only written to --out.",
    "--perturb measures what becomes of the accuracy when images are made harder, from not at all to "
      + "the largest strength in steps of a fifth, or of a pixel: "
      + PerturbationKind.allCases.map(\.explanation).joined(separator: "; ")
      + ". Directions and noise are drawn for each image by --seed, the same at every strength; what "
      + "comes in from outside is background. perturbation.json, .csv, .svg and, where librsvg "
      + "is installed, .png go into the run directory, with several runs to --out, in one picture; "
      + "evaluation.json stays as it is. --json prints schema, dataset, part, count, images_sha256, "
      + "seed and runs (run, checkpoint, curves: perturbation, unit, strengths, accuracy, interval95, "
      + "loss, mean_accuracy).",
    "Of --sort, scores list the lowest first and support the largest. Scores without a sample "
      + "count as 0. kappa is Cohen's, mcc Matthews' correlation.",
    "--json prints schema, run, checkpoint, dataset, part, count, loss, accuracy, top_k, macro, "
      + "weighted, micro, kappa, mcc, ece, mce, reliability (\(Calibration.binCount) bins: lower, "
      + "upper, count, confidence, accuracy), interval95, classes, confusion, top_confusions, "
      + "first_predictions, seconds, images_per_second and with --tta tta; in confusion, rows are "
      + "true classes and columns predicted ones.",
    "--weights takes tensors in PyTorch's layout by the model's names, also behind a prefix such "
      + "as module., or by order and shape; in Keras' layout if they are named kernel and gamma. "
      + "What was decided is said; F16, BF16 and F64 are taken as floats. The classes are the data "
      + "set's, run is null, and only --out writes files.",
  ]
  static let options =
    dataOptions.commandOptions()
    + [
      part.option, checkpoint.option, sort.option, confusion, reliability, tta.option,
      quantize.option, perturb.option, seed.option, failUnder.option, out,
    ] + speedOptions.commandOptions(heading: heading) + BroughtWeightsOptions.options
    + OutputOptions.all

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
  private static let quantize = TypedOption(
    "--quantize", .choice(of: "quantization"), "TYPE", default: ExportCommand.Quantization.none,
    heading: heading, help: "whole numbers of 8 bits instead of floats")
  private static let perturb = TypedOption(
    "--perturb", .perturbations, "NAME=LARGEST", default: [], heading: heading,
    help: "test on harder and harder images: shift=2, rotate=15, scale=0.2, noise=0.1, "
      + "thickness=1, blur=1, several with commas between, or all")
  private static let seed = TypedOption(
    "--seed", .seed, "N", default: 0, heading: heading, help: "of what --perturb draws")
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
  /// More of them, to be tested on harder images together with it.
  let otherRuns: [String]
  /// What is tested instead of a run.
  let weights: BroughtWeightsOptions?
  /// What replaces the options that the run was trained with.
  let overrides: LayeredConfiguration
  let part: RunPart
  let checkpoint: Checkpoint
  let sort: ClassSort
  let showsConfusion: Bool
  let showsReliability: Bool
  let augmentation: Augmentation
  let quantization: ExportCommand.Quantization
  /// How the images are made harder, if they are.
  let perturbations: [PerturbationRange]
  let perturbationSeed: UInt64
  /// Where the result goes; `nil` for the run directory, if it is the plain one on the test part.
  let out: String?
  let threshold: MetricThreshold?
  let output: OutputOptions

  init(_ arguments: Arguments) throws {
    var overrides = try arguments.configuration(Self.dataOptions + Self.speedOptions)
    runDirectory = try overrides.takingDataSet(arguments.operands.first)
    self.overrides = overrides
    try overrides.validate()
    part = try arguments.value(Self.part)
    checkpoint = try arguments.value(Self.checkpoint)
    sort = try arguments.value(Self.sort)
    showsConfusion = arguments.isOn(Self.confusion)
    showsReliability = arguments.isOn(Self.reliability)
    augmentation = try arguments.value(Self.tta)
    quantization = try arguments.value(Self.quantize)
    if quantization == .int8, augmentation == .shifts {
      throw UsageError.excluded(
        flags: [Self.quantize.option.flag, Self.tta.option.flag], command: arguments.command)
    }
    perturbations = try arguments.value(Self.perturb)
    perturbationSeed = try arguments.value(Self.seed)
    guard perturbationSeed == 0 || !perturbations.isEmpty else {
      throw UsageError.missingOption(
        flag: Self.perturb.option.flag, placeholder: "NAME", command: arguments.command)
    }
    otherRuns = Array(arguments.operands.dropFirst())
    out = try arguments.path(Self.out)
    threshold = try arguments.value(Self.failUnder)
    output = try OutputOptions(arguments)
    weights = try BroughtWeightsOptions(
      arguments,
      excluding: [
        runDirectory.map { "RUN (\($0))" }, part == .test ? nil : Self.part.option.flag,
        checkpoint == .best ? nil : Self.checkpoint.option.flag,
        quantization == .none ? nil : Self.quantize.option.flag,
        perturbations.isEmpty ? nil : Self.perturb.option.flag,
      ])
    try checkPerturbations(arguments)
  }

  /// What belongs to one test on images as they are does not go with several on harder ones.
  private func checkPerturbations(_ arguments: Arguments) throws {
    guard !perturbations.isEmpty else {
      guard let second = otherRuns.first else { return }
      throw UsageError.unexpectedOperand(second, command: arguments.command)
    }
    let others = [
      showsConfusion ? Self.confusion.flag : nil,
      showsReliability ? Self.reliability.flag : nil,
      sort == .label ? nil : Self.sort.option.flag,
      augmentation == .none ? nil : Self.tta.option.flag,
      quantization == .none ? nil : Self.quantize.option.flag,
      threshold == nil ? nil : Self.failUnder.option.flag,
    ].compactMap(\.self)
    guard others.isEmpty else {
      throw UsageError.excluded(
        flags: [Self.perturb.option.flag, others[0]], command: arguments.command)
    }
    guard otherRuns.isEmpty || out != nil else {
      throw UsageError.missingOption(flag: "--out", placeholder: "DIR", command: arguments.command)
    }
  }
}

extension EvalCommand {
  /// Tests, writes the result and shows it.
  func run() throws -> ExitCode {
    Interruption.startListening()
    if let weights { return try test(weights) }
    if !perturbations.isEmpty { return try testRobustness() }
    let run = try RunDirectory.find(runDirectory)
    let options = try overrides.configuration(over: run)
    let device = try Device(options)
    let isTest = part == .test
    let path = checkpoint == .best ? run.best : run.last
    let request = Training::Checkpoint.judging(options.dataRequest, by: path)
    let data = try loadData(
      request, parts: isTest ? (quantization == .none ? .test : .all) : .train,
      optionalParts: isTest ? [] : .test, environment: ProcessInfo.processInfo.environment,
      progress: output.quiet ? nil : PictureCount.shown("reading"))
    if let notice = data.notice { try StandardStream.error.put(notice.shown + "\n") }
    let images = try images(of: data.dataset, run, options)
    let result =
      quantization == .int8
      ? try test(images, of: data.dataset, run, path, device)
      : try RunTester(run: run, checkpointPath: path, device: device).test(
        images, of: part, dataset: data.dataset,
        batch: overrides.configuration.batchSize ?? 256,
        shifts: augmentation == .shifts ? PixelShift.cross : [])
    let place = try write(result, run, trainedOn: request.preferredName)
    try show(result, facts: Self.facts(about: data.dataset), place)
    return try verdict(on: result.evaluation)
  }

  /// The same for the network in whole numbers, calibrated on images that the run was trained on.
  private func test(
    _ images: Selection, of dataset: Dataset, _ run: RunDirectory, _ path: String, _ device: Device
  ) throws -> TestResult {
    let export = try RunExport(checkpoint: path, version: programVersion, on: device)
    let training = try TrainingParts(of: run, dataset: dataset).training
    let calibration = ProofImages(
      training, origin: "training part", multiplyAdds: export.network.graph.multiplyAdds)
    return try export.quantized(on: calibration).test(
      images, of: part, run: run.path, dataset: dataset)
  }

  /// The same for weights that are no run's.
  private func test(_ weights: BroughtWeightsOptions) throws -> ExitCode {
    let options = overrides.configuration
    let data = try loadData(
      options.dataRequest, parts: .test, environment: ProcessInfo.processInfo.environment)
    if let notice = data.notice { try StandardStream.error.put(notice.shown + "\n") }
    guard let images = data.dataset.test else {
      preconditionFailure("loaded without its test part")
    }
    let model = try BroughtModel(
      reading: weights.path, modelDescription(for: weights.configuration.configuration),
      dataset: data.dataset, images: images, mean: weights.mean, deviation: weights.deviation,
      device: Device(options))
    let all = Selection(images)
    let result = try model.test(
      options.limit.map { all.limited(to: $0, seed: options.imageSeed) } ?? all,
      dataset: data.dataset.name, batch: options.batchSize ?? 256,
      shifts: augmentation == .shifts ? PixelShift.cross : [])
    let place = try out.map { try result.written(to: $0) } ?? .nowhere(reason: nil)
    if output.json || output.quiet {
      try StandardStream.error.put(model.notes.map { $0.shown + "\n" }.joined())
    }
    try show(result, facts: Self.facts(about: data.dataset) + model.notes.map(\.shown), place)
    return try verdict(on: result.evaluation)
  }

  /// What whoever compares results should know about the data.
  private static func facts(about dataset: Dataset) -> [String] {
    ([dataset.note].compactMap(\.self) + dataset.decisions.map(\.description)).map(\.shown)
  }

  /// The images of the part that is meant. The run's own limit is no limit here but belongs to how
  /// the training data were divided.
  func images(
    of dataset: Dataset, _ run: RunDirectory, _ options: TrainingConfiguration
  ) throws -> Selection {
    guard part != .test else {
      guard let test = dataset.test else { preconditionFailure("loaded without its test part") }
      let limit = overrides.configuration.limit ?? options.limitTest
      return limit.map { Selection(test).limited(to: $0, seed: options.imageSeed) }
        ?? Selection(test)
    }
    let parts = try TrainingParts(of: run, dataset: dataset)
    guard let images = part == .train ? parts.training : parts.validation, images.count > 0 else {
      throw RunError.noValidation(path: run.path)
    }
    return overrides.configuration.limit.map { images.limited(to: $0, seed: options.imageSeed) }
      ?? images
  }

  private func show(_ result: TestResult, facts: [String], _ place: ResultPlace) throws {
    let reason = place.reason.map { "not written: \($0.shown); --out DIR takes the result\n" }
    if output.json || output.quiet, let reason { try StandardStream.error.put(reason) }
    if output.json {
      return try StandardStream.output.put(JSONValue.object(result.json()).text() + "\n")
    }
    var report = EvaluationText(result, terminal: output.resultTerminal)
    report.note = facts.isEmpty ? nil : facts.joined(separator: "\n")
    (report.sort, report.writtenTo, report.notWritten) = (sort, place.directory, reason)
    (report.showsMatrix, report.showsReliability) = (showsConfusion, showsReliability)
    try StandardStream.output.put(output.quiet ? report.answer : report.text)
  }

  private func verdict(on evaluation: Evaluation) throws -> ExitCode {
    guard let threshold else { return .success }
    let value =
      switch threshold.metric {
      case .accuracy: evaluation.accuracy
      case .macroF1: evaluation.confusion.macro.f1
      }
    guard !(value >= threshold.least) else { return .success }
    try StandardStream.error.put(
      "emnist: \(threshold.metric.rawValue) is \(fixed(value, 4)), "
        + "below the \(threshold.least) that --fail-under asks for\n")
    return .failure
  }
}

/// What `--fail-under accuracy=0.9` demands of a test result.
struct MetricThreshold: Equatable {
  /// Metrics of which more is better.
  enum Metric: String, CaseIterable { case accuracy, macroF1 = "macro_f1" }

  let metric: Metric
  let least: Double
}

extension ValueKind<MetricThreshold?> {
  /// `accuracy=0.9`
  static var metricThreshold: Self {
    word(expectation, toText: { $0.map { "\($0.metric.rawValue)=\($0.least)" } ?? "" }) {
      text throws(ValueProblem) in
      let parts = text.split(separator: "=", omittingEmptySubsequences: false)
      guard parts.count == 2, let least = Double(parts[1]), (0...1).contains(least) else {
        throw .wrongKind(expected: expectation)
      }
      let name = String(parts[0])
      guard let metric = MetricThreshold.Metric(rawValue: name) else {
        let names = MetricThreshold.Metric.allCases.map(\.rawValue)
        throw .unknownChoice(name, of: "metric", choices: names)
      }
      return MetricThreshold(metric: metric, least: least)
    }
  }

  private static var expectation: String {
    "METRIC=SHARE with a share from 0 to 1, as accuracy=0.9"
  }
}
