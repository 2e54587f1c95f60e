import Datasets
import NN
import Support
import Tensor

/// Who watches a training: a progress line, a history file, a checkpoint writer.
public protocol TrainingObserver: AnyObject {
  /// Called after each step.
  func trainer(_ trainer: Trainer, didStep progress: StepProgress)
  /// Called after each epoch, before the next one begins.
  func trainer(_ trainer: Trainer, didFinish record: EpochRecord, isBest: Bool) throws
}

/// How far a training has come.
public struct StepProgress: Sendable {
  /// Counted from 1.
  public let epoch: Int
  public let epochCount: Int
  /// The share of the epoch's steps that are done.
  public let share: Double
  public let imagesPerSecond: Double
  /// Means over the epoch so far.
  public let loss: Double
  public let accuracy: Double
  /// The step that was just done.
  public let record: StepRecord
}

/// Why a training ended.
public enum StopReason: String, Sendable {
  case finished
  case early
  case time
  case steps
  case interrupted
}

/// A training that cannot go on.
public enum TrainingError: UserError, Equatable {
  case diverged(epoch: Int, step: Int, rate: Double)
  case noImages

  public var exitCode: ExitCode {
    switch self {
    case .diverged: .failure
    case .noImages: .dataError
    }
  }

  public var description: String {
    switch self {
    case .diverged(let epoch, let step, let rate):
      "training diverged in epoch \(epoch), step \(step): the loss is not a finite number; "
        + "try a lower --lr than \(rate), or a longer --warmup-epochs"
    case .noImages: "no image is left to train on; lower --val-split or raise --limit"
    }
  }
}

/// The training loop: epochs of shuffled batches, validation, the memory of the best epoch.
public final class Trainer {
  public let model: Model
  public let settings: TrainingSettings
  /// What changes the weights.
  public let update: WeightUpdate
  /// Every epoch so far.
  public private(set) var history: [EpochRecord] = []
  /// The best epoch so far, from 1; 0 before the first. Without a validation part the latest is.
  public private(set) var bestEpoch = 0
  /// Updates so far.
  public private(set) var step = 0
  /// Seconds spent on training steps, and the images they took.
  public private(set) var trainingSeconds = 0.0
  public private(set) var trainedImages = 0

  private var batches: Batches
  private let validation: Selection?
  private let evaluator: Evaluator
  private let gradients: GradientSource
  private var bestScore = -Double.infinity
  private var start = 0.0

  /// - Parameters:
  ///   - training: the images to learn from.
  ///   - validation: the images to choose the best epoch by, if any.
  /// - Throws: ``TrainingError/noImages`` and ``LossError``.
  public init(
    _ model: Model, classLabels: [String], training: Selection, validation: Selection?,
    normalization: Normalization, settings: TrainingSettings
  ) throws {
    guard training.count > 0 else { throw TrainingError.noImages }
    self.model = model
    self.settings = settings
    self.validation = validation.flatMap { $0.count > 0 ? $0 : nil }
    batches = Batches(
      training, normalizedBy: normalization,
      augmenter: settings.augmentation.augmenter(
        for: training.images, seed: settings.seed, epochs: settings.epochs, on: model.device))
    let batch = min(settings.batchSize, training.count)
    gradients = try GradientSource(model, settings, training: training, batch: batch)
    evaluator = Evaluator(model, labels: classLabels, normalization: normalization)
    update = WeightUpdate(
      model, settings, stepsAnEpoch: (training.count - 1) / gradients.imagesAnUpdate + 1)
  }

  /// Trains until the epochs or steps are over, nothing improves any more, the time is up or a
  /// signal came.
  ///
  /// - Throws: ``TrainingError/diverged(epoch:step:rate:)``, and what the observer throws.
  public func run(_ observer: any TrainingObserver) throws -> StopReason {
    start = monotonicSeconds()
    for epoch in 1...settings.epochs {
      let began = monotonicSeconds()
      if settings.shuffles { batches.shuffle(seed: settings.seed, epoch: epoch - 1) }
      let trained = try trainEpoch(epoch, observer)
      let validated = validation.map { part in update.withBestWeights { evaluate(part) } }
      let record = EpochRecord(
        epoch: epoch, seconds: monotonicSeconds() - began, imagesPerSecond: trained.speed,
        learningRate: update.rate(at: max(0, step - 1)), trainLoss: trained.loss,
        trainAccuracy: trained.accuracy, validationLoss: validated?.loss,
        validationAccuracy: validated?.accuracy)
      history.append(record)
      update.note(record, monitor: settings.monitor)
      let isBest = noteScore(of: record)
      try observer.trainer(self, didFinish: record, isBest: isBest)
      if Interruption.signal != nil { return .interrupted }
      if isTimeUp { return .time }
      if isLastStepDone { return .steps }
      if settings.patience > 0, epoch - bestEpoch >= settings.patience { return .early }
    }
    return .finished
  }

  private var isTimeUp: Bool {
    settings.maxTime.map { monotonicSeconds() - start >= $0 } ?? false
  }

  private var isLastStepDone: Bool { settings.maxSteps.map { step >= $0 } ?? false }

  private func evaluate(_ selection: Selection) -> Evaluation {
    guard settings.isRehearsal else { return evaluator.evaluate(selection) }
    return evaluator.evaluate(selection, shouldStop: { true })
  }

  /// Whether the epoch is the best so far, which it is also where nothing can be compared.
  private func noteScore(of record: EpochRecord) -> Bool {
    guard var score = settings.monitor.score(of: record) else {
      bestEpoch = record.epoch
      return true
    }
    // Nothing compares with what is not a number: any other epoch must win over it.
    if score.isNaN { score = -.infinity }
    guard score > bestScore || bestEpoch == 0 else { return false }
    (bestScore, bestEpoch) = (score, record.epoch)
    return true
  }

  private func trainEpoch(
    _ epoch: Int, _ observer: any TrainingObserver
  ) throws -> (loss: Double, accuracy: Double, speed: Double) {
    let began = monotonicSeconds()
    var total = LossResult()
    while total.rows < batches.count {
      let end = min(total.rows + gradients.imagesAnUpdate, batches.count)
      let (result, rate) = try trainStep(total.rows..<end, epoch: epoch)
      total += result
      observer.trainer(
        self,
        didStep: StepProgress(
          epoch: epoch, epochCount: settings.epochs,
          share: Double(total.rows) / Double(batches.count),
          imagesPerSecond: Double(total.rows) / (monotonicSeconds() - began),
          loss: total.mean, accuracy: total.accuracy,
          record: StepRecord(
            step: step, learningRate: rate, loss: result.mean, accuracy: result.accuracy)))
      if settings.isRehearsal || Interruption.signal != nil || isTimeUp || isLastStepDone { break }
    }
    let seconds = monotonicSeconds() - began
    trainingSeconds += seconds
    trainedImages += total.rows
    return (total.mean, total.accuracy, Double(total.rows) / seconds)
  }

  /// One update: the gradient of some batches, and a step of the optimizer.
  private func trainStep(
    _ positions: Range<Int>, epoch: Int
  ) throws -> (result: LossResult, rate: Double) {
    let result = gradients.compute(batches, positions, epoch: epoch)
    let rate = update.rate(at: step)
    guard result.sum.isFinite else {
      throw TrainingError.diverged(epoch: epoch, step: step + 1, rate: rate)
    }
    update.apply(step: step)
    step += 1
    return (result, rate)
  }
}
