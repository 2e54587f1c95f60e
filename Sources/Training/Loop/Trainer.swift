import Configuration
import Datasets
import Interchange
import Metrics
import NN
import Support
import Tensor

/// Who watches a training: a progress line, a history file, a checkpoint writer.
public protocol TrainingObserver: AnyObject {
  /// Called after each step.
  func trainer(_ trainer: Trainer, didStep progress: StepProgress)
  /// Called after each epoch, before the next one begins.
  func trainer(_ trainer: Trainer, didFinish record: EpochRecord, isBest: Bool) throws
  /// Called when a training that diverged is back at its last checkpoint, with half the rate.
  func trainer(_ trainer: Trainer, isBackAfter divergence: Divergence)
}

extension TrainingObserver {
  public func trainer(_ trainer: Trainer, isBackAfter divergence: Divergence) {}
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
  case diverged(Divergence)
  case noImages

  public var exitCode: ExitCode {
    switch self {
    case .diverged: .failure
    case .noImages: .dataError
    }
  }

  public var description: String {
    switch self {
    case .diverged(let divergence): divergence.description
    case .noImages: "no image is left to train on"
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
  /// How far it has come. An epoch that was cut short counts as one here.
  public private(set) var progress = TrainingProgress()
  /// From where a resume goes on: the same, or the middle of an epoch that was cut short.
  public private(set) var resumption = TrainingProgress()
  /// The best epoch so far, from 1; 0 before the first. Without a validation part the latest is.
  public var bestEpoch: Int { progress.bestEpoch }
  /// By which rule it is the best.
  public var rule: BestEpochRule { validation == nil ? .last : settings.monitor }
  /// Updates so far.
  public var step: Int { progress.step }
  /// Seconds spent on training steps, and the images they took.
  public private(set) var trainingSeconds = 0.0
  public private(set) var trainedImages = 0

  private var batches: Batches
  private let validation: Selection?
  private let evaluator: Evaluator
  private let gradients: GradientSource
  /// Why the training that was taken up ended, if nothing is left to do.
  public private(set) var ending: StopReason?
  /// When the training began, were it all in one go.
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
    try settings.augmentation.check(training.images)
    batches = Batches(
      training, normalizedBy: normalization,
      augmenter: settings.augmentation.augmenter(
        for: training.images, seed: settings.seed, epochs: settings.epochs, on: model.device))
    let batch = min(settings.batchSize, training.count)
    gradients = try GradientSource(model, settings, training: training, batch: batch)
    evaluator = Evaluator(
      model, labels: classLabels, normalization: normalization, keepsWideWeights: false)
    update = WeightUpdate(
      model, settings, stepsAnEpoch: (training.count - 1) / gradients.imagesAnUpdate + 1)
  }

  /// Goes on where another trainer of the same model and images stopped, or stays where it ended
  /// if nothing is left to do.
  ///
  /// - Precondition: the model has its weights already.
  /// - Throws: ``SafetensorsError`` and ``WeightsError``.
  func takeUp(_ saved: SavedTraining) throws {
    try update.load(saved.file, for: model)
    update.rateFactor = saved.progress.rateFactor
    (trainedImages, trainingSeconds) = (0, 0)
    ending = saved.reasonNothingIsLeft(settings)
    resumption = saved.progress
    progress = ending == nil ? saved.progress : saved.end
    history = Array(saved.history.prefix(progress.epochs))
    gradients.batchCount = progress.batches
    update.optimizer.stepCount = progress.step
    if let state = progress.plateau { update.plateau?.state = state }
    for record in history.prefix(saved.progress.epochs) where record.imagesPerSecond > 0 {
      trainedImages += batches.count
      trainingSeconds += Double(batches.count) / record.imagesPerSecond
    }
    guard ending != nil, let part = saved.progress.part else { return }
    trainedImages += part.result.rows
    trainingSeconds += part.seconds
  }

  /// Begins anew with what `first` holds of the weights' update.
  ///
  /// - Precondition: the model has its first weights.
  /// - Throws: ``SafetensorsError`` and ``WeightsError``.
  func begin(_ first: SafetensorsFile) throws {
    try update.load(first, for: model)
    (progress, resumption) = (TrainingProgress(), TrainingProgress())
    (gradients.batchCount, update.optimizer.stepCount) = (0, 0)
    (trainedImages, trainingSeconds) = (0, 0)
  }

  /// Goes on with a rate that was halved this often.
  func halveRate(times: Int) {
    (progress.restores, resumption.restores) = (times, times)
    update.rateFactor = progress.rateFactor
  }

  /// Trains until the epochs or steps are over, nothing improves any more, the time is up or a
  /// signal came.
  ///
  /// - Throws: ``TrainingError/diverged(_:)``, and what the observer throws.
  public func run(_ observer: any TrainingObserver) throws -> StopReason {
    let before = progress.part?.elapsed ?? history.reduce(0) { $0 + $1.seconds }
    start = monotonicSeconds() - before
    while true {
      if let reason = ending ?? reasonToStop { return reason }
      try runEpoch(observer)
    }
  }

  /// Why no further epoch begins, if one was at least begun.
  private var reasonToStop: StopReason? {
    if history.isEmpty { return nil }
    // Whoever interrupts what is over has not cut anything short.
    if Interruption.signal != nil { return resumption.reasonToStop(settings) ?? .interrupted }
    return isTimeUp ? .time : progress.reasonToStop(settings)
  }

  private func runEpoch(_ observer: any TrainingObserver) throws {
    let epoch = progress.epochs + 1
    let began = monotonicSeconds() - (progress.part?.seconds ?? 0)
    if settings.shuffles { batches.shuffle(seed: settings.seed, epoch: epoch - 1) }
    let trained = try trainEpoch(epoch, observer)
    if let finding = Divergence.Finding.weights(of: model) {
      throw diverged(epoch: epoch, step: step, finding)
    }
    let isWhole = trained.result.rows == batches.count || settings.isRehearsal
    if !isWhole { resumption = stopping(after: trained) }
    let validated = validation.map { part in update.withBestWeights { evaluate(part) } }
    let record = EpochRecord(
      epoch: epoch, seconds: monotonicSeconds() - began,
      imagesPerSecond: Double(trained.result.rows) / trained.seconds,
      learningRate: update.rate(at: max(0, step - 1)), trainLoss: trained.result.mean,
      trainAccuracy: trained.result.accuracy, validationLoss: validated?.loss,
      validationAccuracy: validated?.accuracy)
    history.append(record)
    update.note(record, following: settings.monitor.followedByRate)
    let isBest = noteScore(of: record)
    progress.epochs = epoch
    progress.plateau = update.plateau?.state
    if isWhole { resumption = progress }
    try observer.trainer(self, didFinish: record, isBest: isBest)
  }

  /// What is known in the middle of an epoch, before anything is concluded from its first part.
  private func stopping(after part: (result: LossResult, seconds: Double)) -> TrainingProgress {
    var stopping = progress
    stopping.plateau = update.plateau?.state
    stopping.part = EpochPart(
      result: part.result, seconds: part.seconds, elapsed: monotonicSeconds() - start)
    return stopping
  }

  private var isTimeUp: Bool {
    settings.maxTime.map { monotonicSeconds() - start >= $0 } ?? false
  }

  private var isLastStepDone: Bool { settings.maxSteps.map { step >= $0 } ?? false }

  private func evaluate(_ selection: Selection) -> Evaluation {
    guard settings.isRehearsal else { return evaluator.evaluate(selection) }
    return evaluator.evaluate(selection, shouldStop: { true })
  }

  /// Whether the epoch is the best so far, which it is also where nothing is compared.
  private func noteScore(of record: EpochRecord) -> Bool {
    let score = settings.monitor.score(of: record)
    let improves =
      score.map { $0 > progress.bestScore || progress.improvedEpoch == 0 } ?? true
    if improves {
      progress.improvedEpoch = record.epoch
      progress.bestScore = score ?? progress.bestScore
    }
    guard improves || settings.monitor == .last else { return false }
    progress.bestEpoch = record.epoch
    return true
  }

  /// Trains on all images of an epoch, or on those that an earlier trainer did not come to.
  private func trainEpoch(
    _ epoch: Int, _ observer: any TrainingObserver
  ) throws -> (result: LossResult, seconds: Double) {
    let began = monotonicSeconds() - (progress.part?.seconds ?? 0)
    var total = progress.part?.result ?? LossResult()
    progress.part = nil
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
    return (total, seconds)
  }

  /// One update: the gradient of some batches, and a step of the optimizer.
  private func trainStep(
    _ positions: Range<Int>, epoch: Int
  ) throws -> (result: LossResult, rate: Double) {
    let result = gradients.compute(batches, positions, epoch: epoch)
    let rate = update.rate(at: step)
    guard result.sum.isFinite else {
      throw diverged(epoch: epoch, step: step + 1, .behindLoss(of: model))
    }
    update.apply(step: step)
    progress.step += 1
    progress.batches = gradients.batchCount
    return (result, rate)
  }

  private func diverged(
    epoch: Int, step: Int, _ finding: Divergence.Finding
  ) -> TrainingError {
    .diverged(
      Divergence(
        epoch: epoch, step: step, rate: update.rate(at: step - 1), finding: finding,
        restores: progress.restores))
  }
}
