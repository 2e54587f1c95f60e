import Training

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
      switch trial.state {
      case .finished: finished += 1
      case .pruned: pruned += 1
      case .failed: failed += 1
      case .running: running += 1
      }
      guard let value = trial.value else { continue }
      if best.map({ metric.loss(value) < metric.loss($0.value) }) ?? true {
        best = (trial.number, value)
      }
    }
  }

  public static func == (a: StudyCounts, b: StudyCounts) -> Bool {
    (a.finished, a.pruned, a.failed, a.running) == (b.finished, b.pruned, b.failed, b.running)
      && a.best?.trial == b.best?.trial && a.best?.value == b.best?.value
  }
}
