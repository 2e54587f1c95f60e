import Support

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

/// The rate times `factor` after every `period` steps, as `torch.optim.lr_scheduler.StepLR`.
public struct StepSchedule: Schedule {
  private let base: Double
  private let period: Int
  private let factor: Double

  public init(rate: Double, period: Int, factor: Double) {
    base = rate
    self.period = max(1, period)
    self.factor = factor
  }

  public func rate(at step: Int) -> Double { base * pow(factor, Double(step / period)) }
}

/// Half a cosine from the rate to zero over `steps` steps (Loshchilov and Hutter, "SGDR", 2017),
/// as `torch.optim.lr_scheduler.CosineAnnealingLR`.
public struct CosineSchedule: Schedule {
  private let base: Double
  private let steps: Int

  public init(rate: Double, steps: Int) {
    base = rate
    self.steps = max(1, steps)
  }

  public func rate(at step: Int) -> Double {
    base * (1 + cos(.pi * Double(min(step, steps)) / Double(steps))) / 2
  }
}

/// A linear rise to another schedule's first rate over the first `steps` steps, after which that
/// schedule begins.
public struct WarmUpSchedule<Base: Schedule>: Schedule {
  private let base: Base
  private let steps: Int

  public init(_ base: Base, steps: Int) {
    self.base = base
    self.steps = max(0, steps)
  }

  public func rate(at step: Int) -> Double {
    step < steps
      ? base.rate(at: 0) * Double(step + 1) / Double(steps + 1) : base.rate(at: step - steps)
  }
}
