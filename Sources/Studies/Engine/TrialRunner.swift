import Configuration
import Datasets
import Platform
import Support
import Tensor
import Training

/// Trains the trials that a worker has claimed.
final class TrialRunner {
  private let study: Study
  private let place: StudyPlace
  private let worker: Int
  private let dataset: Dataset
  private let origin: RunOrigin
  private let device: Device
  private let observer: any SweepObserver
  private var parts: TrialParts
  /// Seconds that went into the present trial before this worker had it, as its checkpoint says.
  private var secondsBefore = 0.0

  init(
    study: Study, worker: Int, dataset: Dataset, origin: RunOrigin, device: Device,
    observer: any SweepObserver
  ) {
    self.study = study
    place = StudyPlace(study.directory)
    self.worker = worker
    self.dataset = dataset
    (self.origin, self.device) = (origin, device)
    self.observer = observer
    parts = TrialParts(dataset, study.sweep.settings)
  }

  /// Trains a trial to its end and records it. A signal leaves it as it is, to be continued.
  ///
  /// - Throws: what is no fault of the trial: ``FileError`` and ``JournalError``.
  func run(_ trial: StudyTrial) throws {
    let start = monotonicSeconds()
    secondsBefore = 0
    observer.sweep(worker: worker, begins: trial, of: counts)
    var ending: TrialEnding
    do {
      ending = try train(trial)
    } catch RunError.inUse {
      ending = .putOff
    } catch let error as any UserError where error.isOfTheTrial {
      ending = .failed(error.description)
    }
    try record(ending, of: trial.number, seconds: secondsBefore + monotonicSeconds() - start)
    observer.sweep(worker: worker, ended: study.trials[trial.number], of: counts)
  }

  private var counts: StudyCounts { study.counts }

  private func record(_ ending: TrialEnding, of trial: Int, seconds: Double) throws {
    let wasOurs =
      switch ending {
      case .finished(let value):
        try study.end(trial, .finished, value: value, seconds: seconds)
      case .pruned(let reason): try study.end(trial, .pruned, reason: reason, seconds: seconds)
      case .failed(let reason): try study.end(trial, .failed, reason: reason, seconds: seconds)
      case .lost, .interrupted, .putOff: false
      }
    if case .putOff = ending { study.putOff(trial) }
    // Whoever has taken the trial over goes on from its checkpoints.
    guard wasOurs else { return }
    // What a training needs to go on is of no more use; the best epoch's weights stay.
    place.removeCheckpoints(ofTrial: trial)
  }

  private func train(_ trial: StudyTrial) throws -> TrialEnding {
    let sweep = study.sweep
    let options = try sweep.options(of: trial.point)
    let jobs = TrialJob.all(
      on: try parts.parts(for: options.configuration),
      repeats: options.configuration.loop.repeats ?? sweep.settings.repeats)
    guard jobs.allSatisfy({ $0.parts.validation?.count ?? 0 > 0 }) else {
      throw SweepError.noValidation(metric: sweep.metric.name.rawValue)
    }
    for job in jobs.dropFirst(jobs.count > 1 ? trial.reports.count : 0) {
      if let ending = try train(job, of: jobs.count, trial.number, options) { return ending }
    }
    let reports = study.trials[trial.number].reports
    let value =
      jobs.count > 1
      ? reports.reduce(0, +) / Double(reports.count) : sweep.metric.best(of: reports)
    return value.isFinite
      ? .finished(value) : .failed("\(sweep.metric.name.rawValue) is not a finite number")
  }

  /// One training of a trial's `count`.
  ///
  /// - Returns: how the trial ends, if it does with this.
  private func train(
    _ job: TrialJob, of count: Int, _ trial: Int, _ options: LayeredConfiguration
  ) throws -> TrialEnding? {
    let session = try session(for: job, trial, options)
    session.fitsConfidence = false
    let watcher = TrialWatcher(study, trial: trial, reportsEpochs: count == 1) {
      [observer, worker] in observer.sweep(worker: worker, isAt: $0)
    }
    do {
      try watcher.catchUp(with: session)
      _ = try session.train(watcher)
    } catch let stop as TrialStop {
      return stop.verdict == .lost
        ? .lost : .pruned("pruned after epoch \(session.trainer.history.count)")
    }
    if Interruption.signal != nil { return .interrupted }
    guard count > 1 else { return nil }
    return try report(session.trainer.history, trial, of: count)
  }

  /// A training, from where it was left if it was begun before.
  private func session(
    for job: TrialJob, _ trial: Int, _ options: LayeredConfiguration
  ) throws -> TrainingSession {
    let directory = place.trial(trial)
    let run = job.name.map { "\(directory)/\($0)" } ?? directory
    let placed =
      (job.isRepeat
      ? options.repeating(run: run, seedOffset: job.seedOffset, force: true)
      : options.placing(run: run, force: true)).naming(dataset)
    let description = try modelDescription(for: options.configuration)
    if let saved = try SavedTraining.ifUsable(in: RunDirectory(path: run)),
      let session = try? TrainingSession(
        placed, dataset: dataset, description: description, parts: job.parts, resuming: saved,
        origin: origin, device: device)
    {
      secondsBefore += session.trainer.history.reduce(0) { $0 + $1.seconds }
      return session
    }
    return try TrainingSession(
      placed, dataset: dataset, description: description, parts: job.parts,
      origin: origin, device: device)
  }

  /// Reports the result of one training of several.
  private func report(_ history: [EpochRecord], _ trial: Int, of count: Int) throws -> TrialEnding?
  {
    let metric = study.sweep.metric
    let number = study.trials[trial].reports.count + 1
    let value = metric.best(of: history.map { metric.value(of: $0) })
    switch try study.report(trial, epoch: number, value: value) {
    case .goOn: return nil
    case .stop: return .pruned("pruned after training \(number) of \(count)")
    case .lost: return .lost
    }
  }
}

/// How a trial's training ended.
private enum TrialEnding {
  case finished(Double)
  case pruned(String)
  case failed(String)
  /// Another worker has taken the trial over.
  case lost
  case interrupted
  /// The worker that had it is still at it.
  case putOff
}

extension UserError {
  /// Whether an error comes from the options of a trial, and not from the place where it runs.
  fileprivate var isOfTheTrial: Bool {
    switch exitCode {
    case .cannotCreate, .ioError, .temporaryFailure, .software, .unavailable: false
    default: true
    }
  }
}
