/// The numbers of a schedule, as far as somebody chose them.
public struct ScheduleOptions: Equatable, Sendable {
  /// Epochs over which the rate first rises.
  public var warmupEpochs: Double?
  public var decay: Double?
  /// In epochs.
  public var period: Double?
  /// Epochs, the warm-up not counted.
  public var milestones: [Double]?
  public var power: Double?
  public var minimum: Double?
  public var restarts: Int?
  public var restartGrowth: Int?
  public var riseShare: Double?
  public var startDivisor: Double?
  public var endDivisor: Double?
  public var plateauPatience: Int?
  public var plateauThreshold: Double?

  public init() {}
}

extension SchedulerName {
  /// What the schedule uses, with its defaults; what it does not use, or derives from the number of
  /// epochs, is `nil`.
  public var defaults: ScheduleOptions {
    var options = ScheduleOptions()
    if self != .oneCycle { options.warmupEpochs = 0 }
    switch self {
    case .constant, .exponential: break
    case .step, .multiStep: options.decay = 0.1
    case .inverseTime: options.decay = 1
    case .polynomial: (options.power, options.minimum) = (1, 0)
    case .cosine: (options.minimum, options.restarts, options.restartGrowth) = (0, 0, 1)
    case .oneCycle:
      (options.riseShare, options.startDivisor, options.endDivisor) = (0.3, 25, 10_000)
    case .plateau:
      (options.decay, options.minimum) = (0.1, 0)
      (options.plateauPatience, options.plateauThreshold) = (2, 1e-4)
    }
    if self == .exponential || self == .inverseTime { options.period = 1 }
    return options
  }

  /// The names of the options that it uses and derives from the number of epochs unless given.
  var derivedOptions: [String] {
    switch self {
    case .step: ["lr_period"]
    case .multiStep: ["lr_milestones"]
    case .exponential: ["lr_decay"]
    case .constant, .inverseTime, .polynomial, .cosine, .oneCycle, .plateau: []
    }
  }
}
