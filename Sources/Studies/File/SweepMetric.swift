import Configuration

/// What a sweep makes small or large.
public struct SweepMetric: Equatable, Sendable {
  public enum Goal: String, CaseIterable, Sendable { case minimize, maximize }

  /// Which value a failed trial counts with when the next one is proposed.
  public enum Imputation: String, CaseIterable, Sendable { case latest, best, worst }

  public let name: MonitoredMetric
  public let goal: Goal
  /// The sweep ends when a trial reaches it.
  public let target: Double?
  public let impute: Imputation

  public init(
    _ name: MonitoredMetric, goal: Goal, target: Double? = nil, impute: Imputation = .worst
  ) {
    self.name = name
    self.goal = goal
    self.target = target
    self.impute = impute
  }

  /// A value as something to make small.
  public func loss(_ value: Double) -> Double { goal == .minimize ? value : -value }

  /// Whether a value is as good as the target.
  public func reachesTarget(_ value: Double) -> Bool {
    target.map { loss(value) <= loss($0) } ?? false
  }
}
