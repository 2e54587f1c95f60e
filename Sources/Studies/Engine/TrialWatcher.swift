import Configuration
import Support
import Training

/// Watches the training of a trial: reports its epochs to the study, and stops it if the study says
/// so.
final class TrialWatcher: TrainingObserver {
  private let study: Study
  private let trial: Int
  private let reportsEpochs: Bool
  private let progress: (StepProgress) -> Void
  private var lastSign = monotonicSeconds()

  /// Seconds between two signs of life, well below ``Study/patience``.
  private static let heartbeatInterval = 30.0

  /// - Parameters:
  ///   - reportsEpochs: whether each epoch is a report, as it is if the trial is one training.
  ///   - progress: is told after each step.
  init(
    _ study: Study, trial: Int, reportsEpochs: Bool, progress: @escaping (StepProgress) -> Void
  ) {
    self.study = study
    self.trial = trial
    self.reportsEpochs = reportsEpochs
    self.progress = progress
  }

  func trainer(_ trainer: Trainer, didStep step: StepProgress) {
    progress(step)
    guard monotonicSeconds() - lastSign > Self.heartbeatInterval else { return }
    lastSign = monotonicSeconds()
    // Whoever cannot write now will fail at the end of the epoch, and say so.
    try? study.heartbeat()
  }

  /// Reports the epochs that were trained, but not reported, when the training was left.
  func catchUp(with session: TrainingSession) throws {
    guard reportsEpochs else { return }
    let reported = study.trials[trial].reports.count
    for record in session.trainer.history.dropFirst(reported) { try report(record) }
  }

  func trainer(_ trainer: Trainer, didFinish record: EpochRecord, isBest: Bool) throws {
    // An epoch that a signal cut short is reported when the rest of it is trained.
    guard reportsEpochs, Interruption.signal == nil else { return }
    lastSign = monotonicSeconds()
    try report(record)
  }

  private func report(_ record: EpochRecord) throws {
    let value = study.sweep.metric.value(of: record)
    let verdict = try study.report(trial, epoch: record.epoch, value: value)
    if verdict != .goOn { throw TrialStop(verdict: verdict) }
  }
}

/// Ends a training that the study has no more use for.
struct TrialStop: Error {
  let verdict: Study.Verdict
}

extension SweepMetric {
  /// The metric after an epoch; not a number if nothing was validated.
  func value(of record: EpochRecord) -> Double { name.value(of: record) ?? .nan }

  /// The best of several values; not a number if none is one.
  func best(of values: [Double]) -> Double {
    values.filter(\.isFinite).min { loss($0) < loss($1) } ?? .nan
  }
}

/// One of the trainings that make up a trial: a fold, or a seed of several, or both.
struct TrialJob: Sendable {
  /// The directory within the trial's; `nil` if there is only one.
  let name: String?
  /// Whether it is one of several with other seeds and the same images.
  let isRepeat: Bool
  /// What is added to the trial's seed.
  let seedOffset: UInt64
  let parts: TrainingParts

  /// The trainings of a trial on these folds, or on its one pair of parts, in the order in which
  /// they are done.
  static func all(on folds: [TrainingParts], repeats: Int) -> [TrialJob] {
    let isAlone = folds.count == 1 && repeats == 1
    return folds.enumerated().flatMap { fold, parts in
      (0..<repeats).map { turn in
        let names =
          (folds.count > 1 ? ["fold-\(fold + 1)"] : [])
          + (repeats > 1 ? ["repeat-\(turn + 1)"] : [])
        return TrialJob(
          name: isAlone ? nil : names.joined(separator: "-"), isRepeat: repeats > 1,
          seedOffset: UInt64(turn), parts: parts)
      }
    }
  }
}

/// Who watches a sweep. Its workers call it from threads of their own.
public protocol SweepObserver: AnyObject, Sendable {
  /// A worker of this process, numbered from 0, begins a trial or goes on with one.
  func sweep(worker: Int, begins trial: StudyTrial, of study: StudyCounts)
  /// Called after each step.
  func sweep(worker: Int, isAt progress: StepProgress)
  /// Called when a trial has ended, or with its state still running if a signal came or another
  /// worker has it now.
  func sweep(worker: Int, ended trial: StudyTrial, of study: StudyCounts)
}

/// How far a study has come, all its workers together.
public struct StudyCounts: Equatable, Sendable {
  public private(set) var finished = 0
  public private(set) var pruned = 0
  public private(set) var failed = 0
  public private(set) var running = 0
  /// The trial with the best value, and that.
  public private(set) var best: (trial: Int, value: Double)?

  /// Trials that have ended.
  public var settled: Int { finished + pruned + failed }

  public init(_ trials: [StudyTrial], by metric: SweepMetric) {
    for trial in trials {
      begin()
      if trial.isSettled { end(trial, by: metric) }
    }
  }

  /// Takes note of a trial that began.
  mutating func begin() { running += 1 }

  /// Takes note of how a trial ended. Of equals the one that began first is the best.
  mutating func end(_ trial: StudyTrial, by metric: SweepMetric) {
    running -= 1
    switch trial.state {
    case .finished: finished += 1
    case .pruned: pruned += 1
    case .failed: failed += 1
    case .running: preconditionFailure("trial \(trial.number) has not ended")
    }
    guard let value = trial.value else { return }
    let loss = metric.loss(value)
    if best.map({ (loss, trial.number) < (metric.loss($0.value), $0.trial) }) ?? true {
      best = (trial.number, value)
    }
  }

  public static func == (a: StudyCounts, b: StudyCounts) -> Bool {
    (a.finished, a.pruned, a.failed, a.running) == (b.finished, b.pruned, b.failed, b.running)
      && a.best?.trial == b.best?.trial && a.best?.value == b.best?.value
  }
}
