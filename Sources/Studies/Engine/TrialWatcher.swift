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
  func value(of record: EpochRecord) -> Double {
    switch name {
    case .valLoss: record.validationLoss ?? .nan
    case .valAccuracy: record.validationAccuracy ?? .nan
    }
  }

  /// The best of several values; not a number if none is one.
  func best(of values: [Double]) -> Double {
    values.filter(\.isFinite).min { loss($0) < loss($1) } ?? .nan
  }
}
