import Support

/// The rate times `factor` over every `period` steps, evenly: `rate · factor^(step / period)`, as
/// `keras.optimizers.schedules.ExponentialDecay` and, with a period of one,
/// `torch.optim.lr_scheduler.ExponentialLR`.
public struct ExponentialSchedule: Schedule {
  private let base: Double
  private let period: Double
  private let factor: Double

  public init(rate: Double, period: Double, factor: Double) {
    base = rate
    self.period = max(1, period)
    self.factor = factor
  }

  public func rate(at step: Int) -> Double { base * power(factor, Double(step) / period) }
}

/// `rate / (1 + decay · step / period)`, as `keras.optimizers.schedules.InverseTimeDecay`: the form
/// for which Robbins and Monro, "A stochastic approximation method", 1951, prove convergence.
public struct InverseTimeSchedule: Schedule {
  private let base: Double
  private let period: Double
  private let decay: Double

  public init(rate: Double, period: Double, decay: Double) {
    base = rate
    self.period = max(1, period)
    self.decay = decay
  }

  public func rate(at step: Int) -> Double { base / (1 + decay * Double(step) / period) }
}

/// `(rate − minimum) · (1 − step / steps)^power + minimum`, and `minimum` behind the last step, as
/// `keras.optimizers.schedules.PolynomialDecay` and, with a minimum of zero,
/// `torch.optim.lr_scheduler.PolynomialLR`. A power of one is a straight line.
public struct PolynomialSchedule: Schedule {
  private let base: Double
  private let minimum: Double
  private let exponent: Double
  private let steps: Int

  public init(rate: Double, minimum: Double, power: Double, steps: Int) {
    base = rate
    self.minimum = minimum
    exponent = power
    self.steps = max(1, steps)
  }

  public func rate(at step: Int) -> Double {
    let rest = 1 - Double(min(step, steps)) / Double(steps)
    return (base - minimum) * power(rest, exponent) + minimum
  }
}

extension ScheduleDescriptor {
  public static let exponential = ScheduleDescriptor(
    "exponential", "falls by the same factor in each epoch",
    uses: [
      .init(.warmupEpochs, 0), .init(.decay, nil, note: "default: 1 % at the end"),
      .init(.period, 1),
    ]
  ) { span, values in
    guard let decay = values.given(.decay) else {
      return ExponentialSchedule(rate: span.rate, period: Double(span.steps), factor: 0.01)
    }
    return ExponentialSchedule(
      rate: span.rate, period: values[.period] * span.stepsAnEpoch, factor: decay)
  }

  public static let inverseTime = ScheduleDescriptor(
    "inverse_time", "falls as 1 over the time",
    uses: [
      .init(.warmupEpochs, 0), .init(.decay, 1, note: "divides by 1 + X a period"),
      .init(.period, 1),
    ]
  ) { span, values in
    InverseTimeSchedule(
      rate: span.rate, period: values[.period] * span.stepsAnEpoch, decay: values[.decay])
  }

  public static let polynomial = ScheduleDescriptor(
    "polynomial", "falls to the lowest rate, by a power of the rest of the time",
    uses: [.init(.warmupEpochs, 0), .init(.power, 1), .init(.lowestRate, 0)]
  ) { span, values in
    PolynomialSchedule(
      rate: span.rate, minimum: values[.lowestRate], power: values[.power], steps: span.steps)
  }
}

extension Setting<Double> {
  fileprivate static var power: Self {
    Self("lr_power", .number(above: 0), "X", help: "exponent; 1 is a straight line")
  }
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

  public func rate(at step: Int) -> Double { base * power(factor, Double(step / period)) }
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
    return base * power(factor, Double(passed))
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
