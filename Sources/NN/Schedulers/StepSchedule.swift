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

extension ScheduleDescriptor {
  public static let step = ScheduleDescriptor(
    "step", "falls by a factor at regular times",
    uses: [
      .init(.warmupEpochs, 0), .init(.decay, 0.1),
      .init(.period, nil, note: "default: a third of all"),
    ]
  ) { span, values in
    let all = Double(span.steps)
    let period = values.given(.period).map { $0 * span.stepsAnEpoch } ?? all / 3
    return StepSchedule(
      rate: span.rate, period: Int(min(period, all).rounded(.up)), factor: values[.decay])
  }

  public static let multiStep = ScheduleDescriptor(
    "multi_step", "falls by a factor at chosen times",
    uses: [
      .init(.warmupEpochs, 0), .init(.decay, 0.1),
      .init(.milestones, nil, note: "default: half and three quarters"),
    ]
  ) { span, values in
    let all = Double(span.steps)
    let milestones =
      values.given(.milestones)?.map { $0 * span.stepsAnEpoch } ?? [all / 2, all * 3 / 4]
    return MultiStepSchedule(
      rate: span.rate, milestones: milestones.map { Int(min($0, all).rounded(.up)) },
      factor: values[.decay])
  }
}

extension Setting<[Double]> {
  fileprivate static var milestones: Self {
    Self(
      "lr_milestones", .numbers(above: 0), "X,X",
      help: "epochs after the warm-up at which the learning rate falls")
  }
}
