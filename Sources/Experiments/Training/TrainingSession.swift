import Datasets
import Interchange
import NN
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
  private let device: Device
  private weak var observer: (any TrainingObserver)?
  /// Every step so far, if they are asked for.
  private var steps: [StepRecord]?

  /// Prepares everything that can fail before a directory is made, and then makes it.
  ///
  /// - Parameters:
  ///   - configuration: resolved with the model's recipe.
  ///   - dataset: with its training part; its test part is tested on if it is there.
  ///   - parts: what to train and to validate on; `nil`: what the configuration asks for.
  public init(
    _ configuration: LayeredConfiguration, dataset: Dataset, description: ModelDescription,
    parts: TrainingParts? = nil, device: Device
  ) throws {
    let options = configuration.configuration
    self.configuration = configuration
    self.dataset = dataset
    self.device = device
    let parts = try parts ?? TrainingParts(of: dataset, options)
    (training, validation) = (parts.training, parts.validation)
    normalization = Normalization(of: training)
    let images = training.images
    model = try Model(
      description, inputShape: [images.height, images.width, 1], classes: dataset.classes.count,
      initializer: options.initializer?.initializer ?? .he, seed: options.seed,
      on: device)
    if options.initializer == .whitening {
      try model.whiten(
        on: training.limited(to: 5_000, seed: options.seed), normalizedBy: normalization)
    }
    if let path = options.initFrom { try model.load(SafetensorsFile.read(path: path)) }
    trainer = try Trainer(
      model, classLabels: dataset.classes.labels, training: training, validation: validation,
      normalization: normalization, settings: TrainingSettings(options))
    steps = options.logSteps ? [] : nil
    run = try RunDirectory.create(
      out: options.out, name: options.name, stem: fileName("\(description.name)-\(dataset.name)"),
      force: options.force)
    try AtomicFile.write(
      text: JSONValue.object(configuration.json).text(pretty: true), to: run.config)
  }

  /// Trains, and leaves history and checkpoints in the run directory after every epoch.
  public func train(_ observer: any TrainingObserver) throws -> StopReason {
    self.observer = observer
    do {
      return try trainer.run(self)
    } catch {
      // The last steps of a training that diverged are the ones to look at.
      try writeSteps()
      throw error
    }
  }

  private func writeSteps() throws {
    guard let steps else { return }
    try AtomicFile.write(text: steps.csvText, to: run.steps)
  }

  /// Tests the best epoch's weights on the data set's test part, and writes the result.
  ///
  /// - Returns: `nil` if the data set has no test part here.
  public func test() throws -> TestResult? {
    guard let test = dataset.test else { return nil }
    var selection = Selection(test)
    let options = configuration.configuration
    if let limit = options.limit { selection = selection.limited(to: limit, seed: options.seed) }
    let tester = RunTester(run: run, checkpointPath: run.best, device: device)
    let result = try tester.test(
      selection, dataset: dataset, isRehearsal: options.fastDevRun)
    try result.write(to: run)
    return result
  }
}

extension TrainingSession: TrainingObserver {
  public func trainer(_ trainer: Trainer, didStep progress: StepProgress) {
    steps?.append(progress.record)
    observer?.trainer(trainer, didStep: progress)
  }

  public func trainer(_ trainer: Trainer, didFinish record: EpochRecord, isBest: Bool) throws {
    let checkpoint = Checkpoint(
      model: model, labels: dataset.classes.labels, normalization: normalization,
      dataset: dataset.name, epoch: record.epoch, step: trainer.step)
    if isBest {
      try trainer.update.withBestWeights { try checkpoint.write(model, to: run.best) }
    }
    try checkpoint.write(model, update: trainer.update, to: run.last)
    try AtomicFile.write(text: trainer.history.csvText, to: run.history)
    try writeSteps()
    try observer?.trainer(trainer, didFinish: record, isBest: isBest)
  }
}

extension Model {
  /// Takes the filters of the first convolution from the patches of these images.
  fileprivate func whiten(
    on selection: Selection, normalizedBy normalization: Normalization
  ) throws {
    let images = Tensor(zeros: inputShape.batched(selection.count))
    var labels = [UInt8](repeating: 0, count: selection.count)
    Batches(selection, normalizedBy: normalization)
      .fill(0..<selection.count, input: images, labels: &labels, on: device)
    try whitenFirstConvolution(images)
  }
}

/// `text` with everything replaced that does not belong into a file's name.
func fileName(_ text: String) -> String {
  String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_" })
}
