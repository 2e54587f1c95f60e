import Configuration
import NN

/// A schedule with all its numbers.
public struct ScheduleSettings: Equatable, Sendable {
  public var name: SchedulerName
  public var options: ScheduleOptions

  /// What a configuration chose, and the schedule's defaults for the rest.
  init(_ configuration: TrainingConfiguration) {
    name = configuration.schedulerOrDefault
    options = OptionFamily.schedule.filled(configuration).scheduleOptions
  }

  /// The schedule with `rate` at its highest. That of ``SchedulerName/plateau`` stays; a
  /// ``PlateauReduction`` lowers it.
  func makeSchedule(rate: Double, epochs: Int, stepsAnEpoch: Int) -> any Schedule {
    let all = epochs * stepsAnEpoch
    let warmUp = min(all, steps(options.warmupEpochs ?? 0, stepsAnEpoch))
    let schedule = makeSchedule(
      rate: rate, steps: max(1, all - warmUp), stepsAnEpoch: Double(stepsAnEpoch))
    return WarmUpSchedule(schedule, steps: warmUp)
  }

  private func steps(_ epochs: Double, _ stepsAnEpoch: Int) -> Int {
    Int((min(epochs, 1e9) * Double(stepsAnEpoch)).rounded())
  }

  /// The schedule of the `steps` behind the warm-up.
  private func makeSchedule(rate: Double, steps: Int, stepsAnEpoch: Double) -> any Schedule {
    let all = Double(steps)
    let period = options.period.map { $0 * stepsAnEpoch }
    let minimum = options.minimum ?? 0
    switch name {
    case .constant, .plateau: return ConstantSchedule(rate: rate)
    case .step:
      return StepSchedule(
        rate: rate, period: Int(min(period ?? all / 3, all).rounded(.up)),
        factor: options.decay ?? 1)
    case .multiStep:
      let milestones = options.milestones?.map { $0 * stepsAnEpoch } ?? [all / 2, all * 3 / 4]
      return MultiStepSchedule(
        rate: rate, milestones: milestones.map { Int(min($0, all).rounded(.up)) },
        factor: options.decay ?? 1)
    case .exponential:
      return ExponentialSchedule(
        rate: rate, period: options.decay == nil ? all : period ?? all,
        factor: options.decay ?? 0.01)
    case .inverseTime:
      return InverseTimeSchedule(rate: rate, period: period ?? all, decay: options.decay ?? 1)
    case .polynomial:
      return PolynomialSchedule(
        rate: rate, minimum: minimum, power: options.power ?? 1, steps: steps)
    case .cosine:
      let (restarts, growth) = (options.restarts ?? 0, options.restartGrowth ?? 1)
      return CosineSchedule(
        rate: rate, steps: Self.firstCycle(of: steps, restarts: restarts, growth: growth),
        minimum: minimum, restarts: restarts, growth: growth)
    case .oneCycle:
      return OneCycleSchedule(
        rate: rate, steps: steps, rise: options.riseShare ?? 0.3,
        startDivisor: options.startDivisor ?? 25, endDivisor: options.endDivisor ?? 10_000)
    }
  }

  /// The steps of the first cycle, so that the last one ends with the training.
  private static func firstCycle(of steps: Int, restarts: Int, growth: Int) -> Int {
    var (length, sum) = (1.0, 1.0)
    for _ in 0..<restarts {
      length *= Double(growth)
      sum += length
    }
    return max(1, Int((Double(steps) / sum).rounded(.up)))
  }

  /// What lowers the rate when `monitor` stays, for ``SchedulerName/plateau``.
  func makePlateau(rate: Double, monitor: MonitoredMetric) -> PlateauReduction? {
    guard name == .plateau else { return nil }
    return PlateauReduction(
      rate: rate, factor: options.decay ?? 0.1, patience: options.plateauPatience ?? 10,
      threshold: options.plateauThreshold ?? 1e-4, minimum: options.minimum ?? 0,
      higherIsBetter: monitor.higherIsBetter)
  }
}

extension TrainingSettings {
  /// The learning rates at `points` evenly spaced moments from the first to the last step, as if no
  /// plateau came. An epoch is taken to have a thousand steps.
  public func plannedRates(points: Int) -> [Double] {
    let steps = 1_000
    let planned = schedule.makeSchedule(
      rate: optimizer.learningRate, epochs: epochs, stepsAnEpoch: steps)
    return (0..<points).map {
      planned.rate(at: (epochs * steps - 1) * $0 / max(1, points - 1))
    }
  }
}
