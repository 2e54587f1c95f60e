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

/// What a schedule is stretched over, behind the warm-up.
struct ScheduleSpan: Sendable {
  /// The learning rate at its highest.
  let rate: Double
  /// At least 1.
  let steps: Int
  let stepsAnEpoch: Double
}

/// A schedule as a person chooses it. Adding one is a type, an extension of this beside it, and an
/// entry in ``all``.
public struct ScheduleDescriptor: Choice {
  public let name: String
  public let abstract: String
  public let uses: [SettingUse]
  private let make: @Sendable (ScheduleSpan, ChoiceValues) -> any Schedule
  /// What lowers the rate by the epochs' results, for a schedule that looks at them.
  private let makeReduction:
    (@Sendable (_ rate: Double, _ higherIsBetter: Bool, ChoiceValues) -> PlateauReduction)?

  public static let all: [ScheduleDescriptor] = [
    .constant, .step, .multiStep, .exponential, .inverseTime, .polynomial, .cosine, .oneCycle,
    .plateau,
  ]

  init(
    _ name: String, _ abstract: String, uses: [SettingUse],
    reduction: (@Sendable (Double, Bool, ChoiceValues) -> PlateauReduction)? = nil,
    make: @escaping @Sendable (ScheduleSpan, ChoiceValues) -> any Schedule
  ) {
    self.name = name
    self.abstract = abstract
    self.uses = uses
    self.make = make
    makeReduction = reduction
  }

  /// Whether the rate depends on how the epochs turn out on the validation images.
  public var looksAtValidation: Bool { makeReduction != nil }

  /// The schedule with `rate` at its highest. Where results lower the rate, the schedule itself
  /// stays.
  public func makeSchedule(
    rate: Double, epochs: Int, stepsAnEpoch: Int, _ given: Settings = Settings()
  ) -> any Schedule {
    let values = values(given)
    let all = epochs * stepsAnEpoch
    let rise = (min(values.given(.warmupEpochs) ?? 0, 1e9) * Double(stepsAnEpoch)).rounded()
    let warmUp = min(all, Int(rise))
    let span = ScheduleSpan(
      rate: rate, steps: max(1, all - warmUp), stepsAnEpoch: Double(stepsAnEpoch))
    return WarmUpSchedule(make(span, values), steps: warmUp)
  }

  /// What lowers the rate when a metric stays; `nil` for a schedule that does not look at it.
  public func makeReduction(
    rate: Double, higherIsBetter: Bool, _ given: Settings = Settings()
  ) -> PlateauReduction? {
    makeReduction?(rate, higherIsBetter, values(given))
  }
}

extension ScheduleDescriptor {
  public static let constant = ScheduleDescriptor(
    "constant", "the same rate throughout", uses: [.init(.warmupEpochs, 0)]
  ) { span, _ in ConstantSchedule(rate: span.rate) }
}

// The numbers that several schedules use.
extension Setting<Double> {
  public static var warmupEpochs: Self {
    Self(
      "warmup_epochs", .number(atLeast: 0), "X",
      help: "epochs over which the learning rate first rises")
  }
  static var decay: Self {
    Self("lr_decay", .number(above: 0), "X", help: "factor by which the learning rate falls")
  }
  static var period: Self {
    Self("lr_period", .number(above: 0), "EPOCHS", help: "epochs from one factor to the next")
  }
  public static var lowestRate: Self {
    Self("lr_min", .number(atLeast: 0), "X", help: "learning rate at its lowest")
  }
}
