import Platform
import Support

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

/// The rate times `factor` at every milestone, as `torch.optim.lr_scheduler.MultiStepLR`.
public struct MultiStepSchedule: Schedule {
  private let base: Double
  private let milestones: [Int]
  private let factor: Double

  /// - Parameter milestones: steps, in any order.
  public init(rate: Double, milestones: [Int], factor: Double) {
    base = rate
    self.milestones = milestones
    self.factor = factor
  }

  public func rate(at step: Int) -> Double {
    let passed = milestones.reduce(0) { $0 + ($1 <= step ? 1 : 0) }
    return base * pow(factor, Double(passed))
  }
}
