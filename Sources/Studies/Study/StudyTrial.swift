import Search
import Support

/// A trial of a study, as its journal has it.
public struct StudyTrial: Equatable, Sendable {
  public enum State: String, CaseIterable, Sendable { case running, finished, pruned, failed }

  /// Counted from 0.
  public let number: Int
  public let point: SearchPoint
  /// Seconds since 1970, by the clock of the worker that began it.
  public internal(set) var began = 0.0
  public internal(set) var state = State.running
  /// The metric after each epoch; not a number where a trial diverged.
  public internal(set) var reports: [Double] = []
  /// The metric by which the trial is compared; `nil` unless finished.
  public internal(set) var value: Double?
  /// Why it was stopped or failed.
  public internal(set) var reason: String?
  /// Seconds of training.
  public internal(set) var seconds: Double?
  /// Who runs it or ran it last.
  public internal(set) var worker: String
  /// How often somebody else had to go on with it.
  public internal(set) var takeovers = 0

  public var isSettled: Bool { state != .running }

  /// The best report by a metric's goal, or the value of a finished trial.
  public func bestValue(by metric: SweepMetric) -> Double? {
    value ?? reports.filter(\.isFinite).min { metric.loss($0) < metric.loss($1) }
  }
}
