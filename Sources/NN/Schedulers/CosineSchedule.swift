import Support

/// Half a cosine from the rate to the minimum, begun anew `restarts` times, each time over `growth`
/// times as many steps (Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm
/// restarts", 2017). Behind the last cycle the rate is the minimum.
///
/// As `torch.optim.lr_scheduler.CosineAnnealingLR` without restarts, and with them as
/// `CosineAnnealingWarmRestarts`.
public struct CosineSchedule: Schedule {
  private let base: Double
  private let minimum: Double
  private let period: Int
  private let restarts: Int
  private let growth: Int

  /// - Parameter steps: of the first cycle.
  public init(rate: Double, steps: Int, minimum: Double = 0, restarts: Int = 0, growth: Int = 1) {
    base = rate
    self.minimum = minimum
    period = max(1, steps)
    self.restarts = restarts
    self.growth = max(1, growth)
  }

  public func rate(at step: Int) -> Double {
    var (position, length, left) = (step, period, restarts)
    while position >= length, left > 0 {
      position -= length
      length *= growth
      left -= 1
    }
    let angle = Double.pi * Double(min(position, length)) / Double(length)
    return minimum + (base - minimum) * (1 + cosine(angle)) / 2
  }
}

/// One rise to the rate and one fall far below the start, each half a cosine, as
/// `torch.optim.lr_scheduler.OneCycleLR` in its two-phase form, the momentum left as it is (Smith
/// and Topin, "Super-convergence", 2018).
public struct OneCycleSchedule: Schedule {
  private let start: Double
  private let peak: Double
  private let end: Double
  /// The steps with the highest and with the last rate.
  private let peakStep: Double
  private let lastStep: Double

  /// - Parameters:
  ///   - rate: the highest.
  ///   - rise: the share of the steps that lead to it.
  ///   - startDivisor: how many times lower the first rate is.
  ///   - endDivisor: how many times lower than the first the last rate is.
  public init(
    rate: Double, steps: Int, rise: Double = 0.3, startDivisor: Double = 25,
    endDivisor: Double = 1e4
  ) {
    peak = rate
    start = rate / startDivisor
    end = start / endDivisor
    peakStep = rise * Double(steps) - 1
    lastStep = Double(max(1, steps) - 1)
  }

  public func rate(at step: Int) -> Double {
    let step = min(Double(step), lastStep)
    if step <= peakStep { return Self.between(start, peak, peakStep > 0 ? step / peakStep : 1) }
    return Self.between(peak, end, (step - peakStep) / (lastStep - peakStep))
  }

  private static func between(_ from: Double, _ to: Double, _ share: Double) -> Double {
    to + (from - to) / 2 * (1 + cosine(.pi * share))
  }
}

extension ScheduleDescriptor {
  public static let cosine = ScheduleDescriptor(
    "cosine", "falls along half a cosine, begun anew if wanted",
    uses: [
      .init(.warmupEpochs, 0), .init(.lowestRate, 0), .init(.restarts, 0), .init(.restartGrowth, 1),
    ]
  ) { span, values in
    let (restarts, growth) = (values[.restarts], values[.restartGrowth])
    return CosineSchedule(
      rate: span.rate, steps: firstCycle(of: span.steps, restarts: restarts, growth: growth),
      minimum: values[.lowestRate], restarts: restarts, growth: growth)
  }

  public static let oneCycle = ScheduleDescriptor(
    "one_cycle", "rises once, and falls far below its start",
    uses: [.init(.rise, 0.3), .init(.startDivisor, 25), .init(.endDivisor, 10_000)]
  ) { span, values in
    OneCycleSchedule(
      rate: span.rate, steps: span.steps, rise: values[.rise], startDivisor: values[.startDivisor],
      endDivisor: values[.endDivisor])
  }
}

/// The steps of the first cycle, so that the last one ends with the training.
private func firstCycle(of steps: Int, restarts: Int, growth: Int) -> Int {
  var (length, sum) = (1.0, 1.0)
  for _ in 0..<restarts {
    length *= Double(growth)
    sum += length
  }
  return max(1, Int((Double(steps) / sum).rounded(.up)))
}

extension Setting<Int> {
  fileprivate static var restarts: Self {
    Self("lr_restarts", .wholeNumber(in: 0...1000), "N", help: "times that it begins anew")
  }
  fileprivate static var restartGrowth: Self {
    Self(
      "lr_restart_growth", .wholeNumber(in: 1...10), "N",
      help: "how many times longer each new beginning takes")
  }
}

extension Setting<Double> {
  fileprivate static var rise: Self {
    Self("one_cycle_rise", .number(in: 0...1), "SHARE", help: "share of the steps that rise")
  }
  fileprivate static var startDivisor: Self {
    Self(
      "one_cycle_start", .number(atLeast: 1), "X",
      help: "how many times lower than --lr it starts")
  }
  fileprivate static var endDivisor: Self {
    Self(
      "one_cycle_end", .number(atLeast: 1), "X",
      help: "how many times lower than its start it ends")
  }
}
