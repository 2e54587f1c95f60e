import Configuration
import Datasets
import Interchange
import Metrics
import NN
import Platform
import Support
import Tensor

/// One training as a person asks for it: data, model, run directory, training, test.
public final class TrainingSession {
  public let configuration: LayeredConfiguration
  public let dataset: Dataset
  public let training: Selection
  public let validation: Selection?
  public let model: Model
  public let trainer: Trainer
  public let run: RunDirectory
  public let normalization: Normalization
  /// How the characters sit in the training images.
  private let form: CharacterForm?
  /// How the weights of `init_from` were found to be the model's.
  public let initialMatching: WeightMatching?
  /// Where the training goes on from, if it does not begin here.
  public let resumption: TrainingProgress?
  /// Whether temperature and threshold are fitted at the end. Of one of a thousand trials nobody asks
  /// for them, and they take as long as a small training.
  public var fitsConfidence = true
  let device: Device
  let parts: PartsDigest
  /// Who trains.
  let origin: RunOrigin
  private weak var observer: (any TrainingObserver)?
  /// Every step so far, if they are asked for.
  private var steps: [StepRecord]?
  /// What TensorBoard is told.
  private lazy var events = TrainingEvents(self)
  /// What brings the training back if it diverges, if that is asked for.
  private var restore: DivergenceRestore?

  /// Prepares everything that can fail before a directory is made, and then makes it.
  ///
  /// - Parameters:
  ///   - configuration: resolved with the model's recipe.
  ///   - dataset: with its training part; its test part is tested on if it is there.
  ///   - parts: what to train and to validate on; `nil`: what the configuration asks for.
  ///   - saved: what to go on from, in its directory; `nil`: a new run.
  ///   - begun: the directory of a run that ended before its first epoch, to begin again in.
  ///   - origin: who trains, for the run's manifest.
  public init(
    _ configuration: LayeredConfiguration, dataset: Dataset, description: ModelDescription,
    parts: TrainingParts? = nil, resuming saved: SavedTraining? = nil,
    in begun: RunDirectory? = nil, origin: RunOrigin = RunOrigin(), device: Device
  ) throws {
    let options = configuration.configuration
    self.configuration = configuration
    self.dataset = dataset
    (self.device, self.origin) = (device, origin)
    let parts = try parts ?? TrainingParts(of: dataset, options)
    (training, validation) = (parts.training, parts.validation)
    (normalization, self.parts) = (parts.normalization, parts.digest)
    form = CharacterForm(of: training)
    try saved?.check(
      dataset, self.parts, normalization: normalization, description: description,
      configuration: configuration)
    let settings = TrainingSettings(options)
    let outline = try ModelOutline(
      description, inputShape: [training.images.height, training.images.width, 1],
      classes: dataset.classes.count)
    try MemoryNeed(
      training: outline, settings, images: training.count, threads: device.threadCount
    ).check()
    model = try Model(
      outline, initializer: options.initializer ?? .he, seed: options.seed,
      convolution: options.convolution, on: device)
    initialMatching = try model.takeFirstWeights(
      options, saved: saved, training: training, normalizedBy: normalization)
    trainer = try Trainer(
      model, classLabels: dataset.classes.labels, training: training, validation: validation,
      normalization: normalization, settings: settings)
    if let saved { try trainer.takeUp(saved) }
    resumption = saved?.progress
    steps = options.logSteps ? saved?.steps ?? [] : nil
    run =
      try saved?.run ?? begun?.begunAnew()
      ?? RunDirectory.create(
        out: options.out, name: options.name,
        stem: fileName("\(description.name)-\(dataset.name)"), force: options.force)
    try saved?.prepareDirectory(isOver: trainer.ending != nil)
    try AtomicFile.write(
      text: JSONValue.object(configuration.json).text(pretty: true), to: run.config)
  }

  /// Trains, and leaves history and checkpoints in the run directory after every epoch.
  public func train(_ observer: any TrainingObserver) throws -> StopReason {
    self.observer = observer
    if let ending = trainer.ending {
      try addConfidence()
      try completeManifest(ending)
      return ending
    }
    try beginManifest()
    if configuration.configuration.loop.onDivergence == .restore {
      restore = DivergenceRestore(trainer, in: run)
    }
    let reason = try trainRestoring(observer)
    try addConfidence()
    try endManifest(reason)
    return reason
  }

  private func trainRestoring(_ observer: any TrainingObserver) throws -> StopReason {
    while true {
      do {
        return try trainer.run(self)
      } catch {
        // The last steps of a training that diverged are the ones to look at.
        try writeSteps()
        guard case TrainingError.diverged(let divergence) = error, let restore,
          divergence.restores < DivergenceRestore.limit
        else {
          try noteEnd("diverged", of: error)
          throw error
        }
        try restore.restore(trainer)
        steps = steps.map { Array($0.prefix(trainer.step)) }
        observer.trainer(trainer, isBackAfter: divergence)
      }
    }
  }

  private func writeSteps() throws {
    guard let steps else { return }
    try AtomicFile.write(text: steps.csvText, to: run.steps)
  }

  /// Whether the best epoch's weights were tested, and the result is whole.
  public var isTested: Bool { FileSystem.exists(run.evaluation) }

  /// What `evaluation.json` says, without the matrix; `nil` without one.
  ///
  /// - Throws: ``FileError`` and ``JSONError``.
  public var recordedTest: JSONObject? {
    get throws {
      guard isTested else { return nil }
      let file = try JSONValue(parsing: readFile(run.evaluation, as: .text), path: run.evaluation)
      var object = file.object
      object?["confusion"] = nil
      return object
    }
  }

  /// Tests the best epoch's weights on the data set's test part, and writes the result.
  ///
  /// - Returns: `nil` if the data set has no test part here, or a signal came.
  public func test() throws -> TestResult? {
    guard let selection = testSelection, Interruption.signal == nil else { return nil }
    let tester = RunTester(run: run, checkpointPath: run.best, device: device)
    do {
      let result = try tester.test(
        selection, dataset: dataset, isRehearsal: configuration.configuration.fastDevRun)
      // Before the result: where that is, a test is not done again.
      try events.write(
        trainer.history, test: (result.evaluation.confusion, trainer.bestEpoch), to: run.events)
      try result.write(to: run)
      try noteTest(loss: result.evaluation.loss, accuracy: result.evaluation.accuracy)
      return result
    } catch is WorkInterrupted {
      return nil
    }
  }

  /// What of training is not in validation and test.
  var handicaps: TrainingHandicaps? {
    let summary = try? ModelSummary(
      model.description, inputShape: model.inputShape, classes: dataset.classes.count)
    return summary.map { TrainingHandicaps(configuration.configuration, $0) }
  }

  /// How many images it is tested on, if there are any.
  public var testCount: Int? { testSelection?.count }

  /// The images to test on, if there are any.
  var testSelection: Selection? {
    let options = configuration.configuration
    return dataset.test.map { test in
      let all = Selection(test)
      return options.limitTest.map { all.limited(to: $0, seed: options.imageSeed) } ?? all
    }
  }
}

extension TrainingSession: TrainingObserver {
  public func trainer(_ trainer: Trainer, didStep progress: StepProgress) {
    steps?.append(progress.record)
    observer?.trainer(trainer, didStep: progress)
  }

  public func trainer(_ trainer: Trainer, didFinish record: EpochRecord, isBest: Bool) throws {
    let checkpoint = Checkpoint(
      model: model, classes: dataset.classes, scale: dataset.scale, normalization: normalization,
      form: form, dataset: dataset.name, epoch: record.epoch, step: trainer.step)
    // Should it all end between two files: what is ahead of the last checkpoint can be taken back.
    if isBest {
      keepEarlierBest()
      try trainer.update.withBestWeights { try checkpoint.write(model, to: run.best) }
    }
    try writeSteps()
    try AtomicFile.write(text: trainer.history.csvText, to: run.history)
    try events.write(trainer.history, to: run.events)
    try checkpoint.write(
      model, with: TrainingState(of: trainer, parts: parts, steps: steps, configuration),
      to: run.last)
    if trainer.resumption.part == nil { FileSystem.removeFile(run.earlierBest) }
    try observer?.trainer(trainer, didFinish: record, isBest: isBest)
  }

  private func keepEarlierBest() {
    FileSystem.removeFile(run.earlierBest)
    // Not every file system has links.
    if !FileSystem.linkFile(run.best, to: run.earlierBest) {
      FileSystem.moveFile(run.best, to: run.earlierBest)
    }
  }
}

extension Model {
  /// Takes the weights of a saved training or the first ones that a configuration asks for, where
  /// they are not those that the layers drew.
  ///
  /// - Returns: how those of a file that somebody named were matched.
  fileprivate func takeFirstWeights(
    _ options: TrainingConfiguration, saved: SavedTraining?, training: Selection,
    normalizedBy normalization: Normalization
  ) throws -> WeightMatching? {
    if let saved {
      try load(saved.file)
      return nil
    }
    if options.initializer?.whitensFirstConvolution == true {
      try whiten(
        on: training.limited(to: 5_000, seed: options.seed), normalizedBy: normalization)
    }
    return try options.initFrom.map { try loadMatching(SafetensorsFile.read(path: $0)) }
  }

  /// Takes the filters of the first convolution from the patches of these images.
  private func whiten(
    on selection: Selection, normalizedBy normalization: Normalization
  ) throws {
    let images = Tensor(zeros: inputShape.batched(selection.count))
    var labels = [UInt16](repeating: 0, count: selection.count)
    Batches(selection, normalizedBy: normalization)
      .fill(0..<selection.count, input: images, labels: &labels, on: device)
    try whitenFirstConvolution(images)
  }
}

/// `text` with everything replaced that does not belong into a file's name.
func fileName(_ text: String) -> String {
  String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_" })
}

/// What a training came to, for the table at its end and for `train --json`.
public struct TrainingOutcome: Sendable {
  public let run: String
  public let model: String
  public let dataset: String
  public let parameters: Int
  public let stopped: StopReason
  public let history: [EpochRecord]
  /// Counted from 1; 0 if no epoch ended.
  public let bestEpoch: Int
  /// By which rule it is the best.
  public let rule: BestEpochRule
  /// What of training is not in validation and test.
  public let handicaps: TrainingHandicaps?
  /// Of training steps, without validation.
  public let trainSeconds: Double
  public let imagesPerSecond: Double
  /// The best epoch's result on the test part, if there is one.
  public let test: TestResult?

  /// What a session came to.
  public init(_ session: TrainingSession, stopped: StopReason, test: TestResult?) {
    let trainer = session.trainer
    run = session.run.path
    model = session.model.description.name
    dataset = session.dataset.name
    parameters = session.model.parameterCount
    handicaps = session.handicaps
    self.stopped = stopped
    history = trainer.history
    (bestEpoch, rule) = (trainer.bestEpoch, trainer.rule)
    trainSeconds = trainer.trainingSeconds
    imagesPerSecond = Double(trainer.trainedImages) / trainer.trainingSeconds
    self.test = test
  }

  /// The best epoch's record.
  public var best: EpochRecord? { history.first { $0.epoch == bestEpoch } }

  /// The object of `train --json`.
  public var json: JSONObject {
    var object: JSONObject = [
      "schema": 1, "run": .string(run), "epochs_run": .integer(history.count),
      "best_epoch": .integer(bestEpoch), "stopped": .string(stopped.rawValue),
    ]
    object.set("train_seconds", number: trainSeconds)
    object.set("images_per_second", number: imagesPerSecond)
    object["parameters"] = .integer(parameters)
    object["history"] = .array(history.map { .object($0.json) })
    object["test"] = test.map { .object($0.json(includingMatrix: false)) } ?? .null
    return object
  }
}
