/// The learning rate as a pure function of the step.
public protocol Schedule: Sendable {
  /// The rate of step `step`, from 0.
  func rate(at step: Int) -> Double
}

/// The same rate throughout.
public struct ConstantSchedule: Schedule {
  private let base: Double

  public init(rate: Double) { base = rate }

  public func rate(at step: Int) -> Double { base }
}

/// A linear rise to another schedule's first rate over the first `steps` steps, after which that
/// schedule begins (Goyal and others, "Accurate, large minibatch SGD", 2017).
public struct WarmUpSchedule: Schedule {
  private let base: any Schedule
  private let steps: Int

  public init(_ base: any Schedule, steps: Int) {
    self.base = base
    self.steps = max(0, steps)
  }

  public func rate(at step: Int) -> Double {
    step < steps
      ? base.rate(at: 0) * Double(step + 1) / Double(steps + 1) : base.rate(at: step - steps)
  }
}
