/// Who watches a sweep. Its workers call it from threads of their own.
public protocol SweepObserver: AnyObject, Sendable {
  /// A worker of this process, numbered from 0, begins a trial or goes on with one.
  func sweep(worker: Int, begins trial: StudyTrial)
  /// Called after each step.
  func sweep(worker: Int, trial: Int, isAt progress: StepProgress)
  /// Called when a trial has ended, or with its state still running if a signal came.
  func sweep(worker: Int, ended trial: StudyTrial)
}
